#include "accounts/app/tests/with_inventory.h"

namespace holdfast::accounts {
namespace {

using Names = std::vector<std::string>;

struct CarriersTest : WithInventory {
  AddCarrierContact repair() const {
    return {.carrier_id = carrier, .function = "repair", .phone = "800-555-0161", .after_hours_phone = "844-555-0104"};
  }
};

TEST_F(CarriersTest, ACarrierIsStoredAndPublished) {
  const auto made = run(create_carrier, CreateCarrier{.name = " AT&T  Corp", .notes = "ask for Kern"});
  ASSERT_TRUE(made) << describe(made.error());
  EXPECT_EQ(made->name, "AT&T Corp");
  EXPECT_EQ(*ask(get_carrier, GetCarrier{made->id}), *made);
  EXPECT_EQ(take_published(), Names{"holdfast.carrier-changed.v1"});
  EXPECT_EQ(run(create_carrier, CreateCarrier{.name = "at&t CORP"}).error().fields.at(0).field, "name");
}

TEST_F(CarriersTest, AChangeTakesTheVersionThatWasSeen) {
  const auto renamed = run(change_carrier, ChangeCarrier{.id = carrier, .name = "Lumen Technologies", .etag = "1"});
  ASSERT_TRUE(renamed) << describe(renamed.error());
  EXPECT_EQ(renamed->version, 2);
  EXPECT_EQ(*ask(get_carrier, GetCarrier{carrier}), *renamed);
  EXPECT_EQ(take_published(), Names{"holdfast.carrier-changed.v1"});
  EXPECT_EQ(run(change_carrier, ChangeCarrier{.id = carrier, .name = "L3", .etag = "1"}).error().reason,
            Reason::etag_stale);
  EXPECT_EQ(run(change_carrier, ChangeCarrier{.id = carrier, .name = "Lumen Technologies"})->version, 2);
  EXPECT_EQ(take_published(), Names{});
}

TEST_F(CarriersTest, ACarrierTravelsWithItsContacts) {
  const auto contact = run(add_carrier_contact, repair());
  ASSERT_TRUE(contact) << describe(contact.error());
  auto event = take_event<CarrierChanged>();
  EXPECT_EQ(event.carrier.version, 2);
  EXPECT_EQ(event.before->version, 1);
  EXPECT_EQ(event.contacts, std::vector{*contact});

  const auto changed = run(change_carrier_contact,
                           ChangeCarrierContact{.id = contact->id, .level = 2, .hours = {"mon-fri 07:00-19:00"}});
  ASSERT_TRUE(changed) << describe(changed.error());
  EXPECT_EQ(changed->hours, Names{"Mon-Fri 07:00-19:00"});
  event = take_event<CarrierChanged>();
  EXPECT_EQ(event.carrier.version, 3);
  EXPECT_EQ(event.contacts, std::vector{*changed});
  EXPECT_EQ(ask_now(list_carrier_contacts, ListCarrierContacts{carrier})->contacts.at(0).contact, *changed);

  EXPECT_EQ(run(remove_carrier_contact, RemoveCarrierContact{contact->id, "1"}).error().reason, Reason::etag_stale);
  ASSERT_TRUE(run(remove_carrier_contact, RemoveCarrierContact{contact->id, "2"}));
  event = take_event<CarrierChanged>();
  EXPECT_EQ(event.carrier.version, 4);
  EXPECT_TRUE(event.contacts.empty());
  EXPECT_EQ(run(remove_carrier_contact, RemoveCarrierContact{contact->id, ""}).error().reason,
            Reason::carrier_contact_not_found);
}

TEST_F(CarriersTest, OneContactOfAFunctionLevelAndName) {
  ASSERT_TRUE(run(add_carrier_contact, repair()));
  auto again = repair();
  again.function = "REPAIR";
  EXPECT_EQ(run(add_carrier_contact, again).error().reason, Reason::already_exists);
  again.level = 1;
  EXPECT_TRUE(run(add_carrier_contact, again));
}

// A11: at six on a Friday evening the after-hours number comes first.
TEST_F(CarriersTest, TheNumberForTheHourComesFirst) {
  ASSERT_TRUE(run(add_carrier_contact, repair()));
  ASSERT_TRUE(run(add_carrier_contact,
                  AddCarrierContact{.carrier_id = carrier, .function = "billing", .phone = "833-555-0108"}));
  const auto first_at = [&](const char* instant) {
    const auto list =
        ask_now(list_carrier_contacts,
                ListCarrierContacts{.carrier_id = carrier, .function = "Repair", .at = *parse_instant(instant)});
    EXPECT_EQ(list->contacts.size(), 1u);
    return list->contacts.at(0).phones.at(0);
  };
  EXPECT_EQ(first_at("2026-03-06T15:00:00Z"), "+18005550161");  // Friday, 10:00 in New York
  EXPECT_EQ(first_at("2026-03-06T23:00:00Z"), "+18445550104");  // Friday, 18:00
  EXPECT_EQ(ask_now(list_carrier_contacts, ListCarrierContacts{carrier})->contacts.size(), 2u);
}

TEST_F(CarriersTest, ACarriersNumberIsTakenOnce) {
  AddCarrierAccount command{
      .carrier_id = carrier, .number = "5abc0149", .account_id = account, .btn = "(617) 555-0149"};
  EXPECT_EQ(run(add_carrier_account, command).error().fields.at(0).field, "number");
  command.carrier_id = run(create_carrier, CreateCarrier{.name = "AT&T"})->id;
  take_published();
  clock.advance(1s);  // ids are in the order of time
  const auto added = run(add_carrier_account, command);
  ASSERT_TRUE(added) << describe(added.error());
  EXPECT_EQ(take_event<CarrierAccountChanged>().carrier_account, *added);
  const auto list = ask(list_carrier_accounts, ListCarrierAccounts{.account_id = account, .page_size = 1});
  EXPECT_EQ(list->carrier_accounts.size(), 1u);
  const auto rest = ask(list_carrier_accounts, ListCarrierAccounts{account, 1, list->next_page_token});
  EXPECT_EQ(rest->carrier_accounts, std::vector{*added});
  EXPECT_EQ(rest->next_page_token, "");
}

TEST_F(CarriersTest, CarriersAreListedByName) {
  for (const auto* name : {"verizon", "AT&T", "Comcast"}) ASSERT_TRUE(run(create_carrier, CreateCarrier{.name = name}));
  Names names;
  ListCarriers query{.page_size = 3};
  do {
    const auto page = ask(list_carriers, query);
    ASSERT_TRUE(page) << describe(page.error());
    for (const auto& one : page->carriers) names.push_back(one.name);
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  EXPECT_EQ(names, (Names{"AT&T", "Comcast", "Lumen", "verizon"}));
}

TEST_F(CarriersTest, AnotherAgencySeesAndChangesNothing) {
  const auto contact = run(add_carrier_contact, repair());
  ASSERT_TRUE(make_agency(stranger));
  EXPECT_EQ(ask_as(stranger, get_carrier, GetCarrier{carrier}).error().reason, Reason::carrier_not_found);
  EXPECT_EQ(run_as(stranger, change_carrier, ChangeCarrier{.id = carrier}).error().reason, Reason::carrier_not_found);
  EXPECT_EQ(run_as(stranger, add_carrier_contact, repair()).error().reason, Reason::carrier_not_found);
  EXPECT_EQ(run_as(stranger, change_carrier_contact, ChangeCarrierContact{.id = contact->id}).error().reason,
            Reason::carrier_contact_not_found);
  EXPECT_EQ(run_as(stranger, remove_carrier_contact, RemoveCarrierContact{.id = contact->id}).error().reason,
            Reason::carrier_contact_not_found);
  EXPECT_TRUE(ask_as(stranger, list_carriers, ListCarriers{})->carriers.empty());
  const AddCarrierAccount theirs{.carrier_id = carrier, .number = "7", .account_id = account};
  EXPECT_EQ(run_as(stranger, add_carrier_account, theirs).error().reason, Reason::account_not_found);
}

}  // namespace
}  // namespace holdfast::accounts
