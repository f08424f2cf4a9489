#include "accounts/app/tests/with_inventory.h"

namespace holdfast::accounts {
namespace {

using Names = std::vector<std::string>;

// Accounts, their sites and their people change.
struct ChangesTest : WithInventory {
  Result<Account> change(const ChangeAccount& command) { return run(change_account, command); }
};

TEST_F(ChangesTest, AnAccountIsChangedAndPublishedWithWhatWasBefore) {
  const auto before = *ask(get_account, GetAccount{account});
  const auto after = change({.id = account,
                             .name = "Acme Corp",
                             .tier = Tier::key,
                             .since = *parse_date("2014-05-01"),
                             .notes = "pays late",
                             .etag = "1"});
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_EQ(after->version, 2);
  EXPECT_EQ(*ask(get_account, GetAccount{account}), *after);
  const auto event = take_event<AccountChanged>();
  EXPECT_EQ(event.account, *after);
  EXPECT_EQ(event.before, before);
  EXPECT_EQ(change({.id = account, .name = "Acme", .etag = "1"}).error().reason, Reason::etag_stale);
  EXPECT_EQ(*change({.id = account, .name = "Acme  Corp"}), *after);
  EXPECT_EQ(take_published(), Names{});
}

TEST_F(ChangesTest, ANewNameIsFree) {
  make_account("Other");
  EXPECT_EQ(change({.id = account, .name = "OTHER"}).error().fields.at(0).field, "name");
  EXPECT_TRUE(change({.id = account, .name = "ACME"}));
  make_account("Acme Two");
}

TEST_F(ChangesTest, StatusAndOwnerAreSaidBesides) {
  const auto other = run(add_staff, AddStaff{.name = "Lee", .email = "lee@best.example"});
  take_published();
  const auto closed =
      change({.id = account, .status = AccountStatus::closed, .owner_id = other->id, .reason = "went out of business"});
  ASSERT_TRUE(closed) << describe(closed.error());
  EXPECT_EQ(closed->status_reason, "went out of business");
  EXPECT_EQ(take_published(),
            (Names{"holdfast.account-changed.v1", "holdfast.account-state-changed.v1", "holdfast.owner-changed.v1"}));
  EXPECT_EQ(run(add_contact, AddContact{.account_id = account, .name = "Jan"}).error().reason, Reason::account_closed);
  EXPECT_EQ(run(add_product, circuit("1")).error().reason, Reason::account_closed);
}

TEST_F(ChangesTest, ABranchMovesAsAWhole) {
  const auto top = make_account("Top");
  const auto child = make_account("Child", account);
  const auto moved = change({.id = account, .parent_id = top});
  ASSERT_TRUE(moved) << describe(moved.error());
  EXPECT_EQ(moved->parent_id, top);
  for (const auto& own : {top, account, child}) {
    EXPECT_EQ(change({.id = top, .parent_id = own}).error().reason, Reason::parent_cycle);
  }
  EXPECT_EQ(change({.id = account, .clear = {"parent_id"}})->parent_id, std::nullopt);
  EXPECT_TRUE(change({.id = top, .parent_id = child}));
}

TEST_F(ChangesTest, ABranchHangsAtMostSixDeepWithAllOfIt) {
  auto lowest = make_account("1");
  for (int depth = 2; depth < max_depth; ++depth) lowest = make_account(std::to_string(depth), lowest);
  EXPECT_TRUE(change({.id = make_account("alone"), .parent_id = lowest}));
  make_account("Child", account);
  const auto too_deep = change({.id = account, .parent_id = lowest});
  EXPECT_EQ(too_deep.error().reason, Reason::field_out_of_range);
  EXPECT_EQ(too_deep.error().fields.at(0).field, "parent_id");
}

TEST_F(ChangesTest, ALocationIsChangedAndPublished) {
  const auto before = *ask(get_location, GetLocation{location});
  const auto after = run(change_location, ChangeLocation{.id = location,
                                                         .city = "Denver",
                                                         .time_zone = "America/New_York",
                                                         .main_phone = "303-555-0101",
                                                         .etag = "1"});
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_EQ(after->main_phone, "+13035550101");
  EXPECT_EQ(*ask(get_location, GetLocation{location}), *after);
  const auto event = take_event<LocationChanged>();
  EXPECT_EQ(event.location, *after);
  EXPECT_EQ(event.before, before);
  EXPECT_EQ(run(change_location, ChangeLocation{.id = location, .etag = "1"}).error().reason, Reason::etag_stale);
  EXPECT_EQ(run(change_location, ChangeLocation{.id = location, .time_zone = "Eastern"}).error().reason,
            Reason::time_zone_unknown);
}

TEST_F(ChangesTest, ALocationIsClosedOnceNothingIsLeftThere) {
  const auto product = run(add_product, circuit("1"));
  const ChangeLocation closing{.id = location, .status = LocationStatus::closed};
  EXPECT_EQ(run(change_location, closing).error().reason, Reason::illegal_transition);
  ASSERT_TRUE(run(terminate_product, TerminateProduct{.id = product->id, .terminated_on = *parse_date("2025-12-31")}));
  EXPECT_TRUE(run(change_location, closing));
}

TEST_F(ChangesTest, AContactServesSitesOfItsOwnAccount) {
  const auto contact =
      run(add_contact,
          AddContact{.account_id = account, .name = "Jan", .title = "IT", .location_ids = {location, location}});
  ASSERT_TRUE(contact) << describe(contact.error());
  EXPECT_EQ(contact->location_ids, std::vector{location});
  EXPECT_EQ(*ask(get_contact, GetContact{contact->id}), *contact);
  take_published();
  const auto changed =
      run(change_contact, ChangeContact{.id = contact->id, .phone = "617-555-0149", .clear = {"location_ids"}});
  ASSERT_TRUE(changed) << describe(changed.error());
  EXPECT_TRUE(changed->location_ids.empty());
  const auto event = take_event<ContactChanged>();
  EXPECT_EQ(event.contact, *changed);
  EXPECT_EQ(event.before, *contact);
  const auto elsewhere =
      run(add_location, AddLocation{.account_id = make_account("Other"), .name = "HQ", .time_zone = "UTC"});
  const auto refused = run(change_contact, ChangeContact{.id = contact->id, .location_ids = {location, elsewhere->id}});
  EXPECT_EQ(refused.error().fields.at(0).field, "location_ids[1]");
  EXPECT_EQ(run(change_contact, ChangeContact{.id = contact->id, .etag = "1"}).error().reason, Reason::etag_stale);
}

TEST_F(ChangesTest, ListsAreReadInPages) {
  for (const auto* name : {"Beta", "Alpha", "beta Two"}) make_account(name, account);
  for (const auto* name : {"Depot", "Annex"}) {
    clock.advance(1s);  // ids are in the order of time
    ASSERT_TRUE(run(add_location, AddLocation{.account_id = account, .name = name, .time_zone = "UTC"}));
    ASSERT_TRUE(run(add_contact, AddContact{.account_id = account, .name = name}));
  }
  Names names;
  ListAccounts accounts{.parent_id = account, .page_size = 2};
  do {
    const auto page = ask(list_accounts, accounts);
    ASSERT_TRUE(page) << describe(page.error());
    for (const auto& one : page->accounts) names.push_back(one.name);
    accounts.page_token = page->next_page_token;
  } while (!accounts.page_token.empty());
  EXPECT_EQ(names, (Names{"Alpha", "Beta", "beta Two"}));
  const auto sites = ask(list_locations, ListLocations{account, 2, {}});
  EXPECT_EQ(sites->locations.size(), 2u);
  EXPECT_EQ(ask(list_locations, ListLocations{account, 2, sites->next_page_token})->locations.size(), 1u);
  const auto people = ask(list_contacts, ListContacts{account, 1, {}});
  EXPECT_EQ(ask(list_contacts, ListContacts{account, 1, people->next_page_token})->contacts.at(0).name, "Annex");
}

TEST_F(ChangesTest, AnotherAgencySeesAndChangesNothing) {
  const auto contact = run(add_contact, AddContact{.account_id = account, .name = "Jan"});
  ASSERT_TRUE(make_agency(stranger));
  EXPECT_EQ(run_as(stranger, change_account, ChangeAccount{.id = account}).error().reason, Reason::account_not_found);
  EXPECT_EQ(run_as(stranger, change_location, ChangeLocation{.id = location}).error().reason,
            Reason::location_not_found);
  EXPECT_EQ(run_as(stranger, change_contact, ChangeContact{.id = contact->id}).error().reason,
            Reason::contact_not_found);
  EXPECT_EQ(ask_as(stranger, get_location, GetLocation{location}).error().reason, Reason::location_not_found);
  EXPECT_EQ(ask_as(stranger, get_contact, GetContact{contact->id}).error().reason, Reason::contact_not_found);
  EXPECT_EQ(ask_as(stranger, list_locations, ListLocations{account, 0, {}}).error().fields.at(0).field, "account_id");
  EXPECT_EQ(ask_as(stranger, list_contacts, ListContacts{account, 0, {}}).error().reason, Reason::account_not_found);
  EXPECT_TRUE(ask_as(stranger, list_accounts, ListAccounts{})->accounts.empty());
}

}  // namespace
}  // namespace holdfast::accounts
