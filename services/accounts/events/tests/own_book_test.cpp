#include "accounts/events/own_book.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "accounts/app/tests/with_inventory.h"
#include "runtime/events/tests/published.h"

namespace holdfast::accounts {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using Lines = std::vector<std::string>;

constexpr sql::Statement early{"test.early", "SELECT subject_id::text FROM runtime.early_events"};
constexpr std::array book_rows{
    sql::Statement{"test.staff", "SELECT t::text FROM staff AS t ORDER BY t.id"},
    sql::Statement{"test.accounts", "SELECT t::text FROM accounts AS t ORDER BY t.id"},
    sql::Statement{"test.locations", "SELECT t::text FROM locations AS t ORDER BY t.id"},
    sql::Statement{"test.contacts", "SELECT t::text FROM contacts AS t ORDER BY t.id"},
    sql::Statement{"test.carriers", "SELECT t::text FROM carriers AS t ORDER BY t.id"},
    sql::Statement{"test.carrier_contacts", "SELECT t::text FROM carrier_contacts AS t ORDER BY t.id"},
    sql::Statement{"test.carrier_accounts", "SELECT t::text FROM carrier_accounts AS t ORDER BY t.id"},
    sql::Statement{"test.products", "SELECT t::text FROM products AS t ORDER BY t.id"}};

Lines lines_of(sql::Database& database, const Call& call, const sql::Statement& statement) {
  return *database.read(call, [&](sql::Transaction& tx) { return tx.many<std::string>(statement); });
}

std::map<std::string, Lines> book_in(sql::Database& database, const Call& call) {
  std::map<std::string, Lines> book;
  for (const auto& table : book_rows) book[table.name] = lines_of(database, call, table);
  return book;
}

// A database that was restored: from before anything was published.
struct RestoredBook {
  explicit RestoredBook(const Clock& clock) : transactor(database, outbox, clock) {
    take_back_own_book(own);
    own.follow(consumer);
  }
  // All that its backup has, or that somebody has made anew.
  void make_agency(AgencyId agency) {
    temporary.run(fmt::format("INSERT INTO agencies VALUES ('{}', 'Best Telecom', 'UTC', 1)", to_string(agency)));
  }
  Result<> hear(const events::Event& event) {
    const auto type = event.type.substr(9, event.type.size() - 12);  // "carrier-changed"
    std::string name;
    for (size_t at = 0; at < type.size(); ++at) {
      if (type[at] == '-') continue;
      const bool begins = at == 0 || type[at - 1] == '-';
      name += begins ? static_cast<char>(std::toupper(type[at])) : type[at];
    }
    return consumer.handle("accounts.take_back." + name, event);
  }
  void hear_all(const std::vector<events::Event>& events) {
    for (const auto& event : events) {
      const auto heard = hear(event);
      ASSERT_TRUE(heard) << event.type << ": " << describe(heard.error());
    }
  }
  void settle() {
    const auto settled = own.settle(transactor, service_call({}, "test", 10min));
    ASSERT_TRUE(settled) << describe(settled.error());
  }

  testing::TempDatabase temporary{WithAgency::components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = constraints}};
  events::Outbox outbox;
  events::Transactor transactor;
  events::Consumer consumer{transactor, {.group = "test"}};
  events::OwnEvents own;
};

// The service as it lived before its database was restored.
struct OwnBookTest : WithInventory {
  void SetUp() override {
    const auto made = make_agency(call);
    ASSERT_TRUE(made) << describe(made.error());
    owner = made->staff.id;
  }
  template <class Verb, class Command>
  auto done(Verb verb, const Command& command) {
    auto outcome = run(verb, command);
    EXPECT_TRUE(outcome) << describe(outcome.error());
    return *outcome;
  }
  void live() {
    const auto sam = done(add_staff, AddStaff{.name = "Sam", .email = "sam@best.example"}).id;
    const auto parent = make_account("Holding");
    account = done(create_account, CreateAccount{.name = "Acme", .owner_id = sam, .parent_id = parent}).id;
    location = done(add_location, AddLocation{.account_id = account, .name = "HQ", .time_zone = "America/Denver"}).id;
    const auto contact =
        done(add_contact,
             AddContact{.account_id = account, .name = "Lee", .email = "lee@acme.example", .location_ids = {location}});
    carrier = done(create_carrier, CreateCarrier{.name = "Lumen"}).id;
    const auto desk = done(add_carrier_contact, AddCarrierContact{.carrier_id = carrier,
                                                                  .function = "repair",
                                                                  .name = "Desk",
                                                                  .phone = "800-555-0167",
                                                                  .hours = {"Mon-Fri 08:00-17:00"}});
    const auto gone = done(add_carrier_contact,
                           AddCarrierContact{.carrier_id = carrier, .function = "orders", .phone = "800-555-0168"});
    ASSERT_TRUE(run(remove_carrier_contact, RemoveCarrierContact{gone.id}));
    done(change_carrier_contact, ChangeCarrierContact{.id = desk.id, .level = 2, .notes = "ask for Pat"});
    carrier_account = done(add_carrier_account,
                           AddCarrierAccount{.carrier_id = carrier, .number = "5-ABC 0149", .account_id = account})
                          .id;
    const auto product = done(add_product, circuit("44/HCGS/1"));
    done(change_contact, ChangeContact{.id = contact.id, .title = "Controller"});
    done(change_location, ChangeLocation{.id = location, .name = "Head office", .main_phone = "617-555-0142"});
    // What only one may have goes from one to another.
    done(change_account, ChangeAccount{.id = account, .name = "Acme Limited", .tier = Tier::key, .owner_id = owner});
    const auto second = make_account("Acme");
    done(change_account, ChangeAccount{.id = second, .status = AccountStatus::closed, .reason = "moved away"});
    done(terminate_product, TerminateProduct{.id = product.id, .terminated_on = *parse_date("2026-01-04")});
    done(add_product, circuit("44/HCGS/1"));
  }
  std::vector<events::Event> all_published() { return events::tests::all_published(database, call); }
};

// Partitions are read in any order: the worst is none at all.
TEST_F(OwnBookTest, WhatIsTakenBackIsWhatWasInWhateverOrderItComes) {
  live();
  const auto events = all_published();
  std::set<std::string> types;
  for (const auto& event : events) types.insert(event.type);
  ASSERT_EQ(types.size(), 14u) << "each event of the service is among them";
  const auto as_it_was = book_in(database, call);
  auto reversed = events, shuffled = events;
  std::ranges::reverse(reversed);
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(5));
  for (const auto& order : {events, reversed, shuffled}) {
    RestoredBook restored(clock);
    restored.make_agency(agency);
    restored.hear_all(order);
    restored.settle();
    EXPECT_EQ(book_in(restored.database, call), as_it_was);
    EXPECT_THAT(lines_of(restored.database, call, early), IsEmpty());
    EXPECT_THAT(lines_of(restored.database, call, testing::outbox_types), IsEmpty()) << "it was published";
  }
}

TEST_F(OwnBookTest, TwiceIsAsOnceAndAnOlderEventTakesNothingAway) {
  live();
  auto events = all_published();
  RestoredBook restored(clock);
  restored.make_agency(agency);
  restored.hear_all(events);
  for (auto& event : events) event.id = new_uuid();  // the inbox knows nothing of them
  restored.hear_all(events);
  std::ranges::reverse(events);
  for (auto& event : events) event.id = new_uuid();
  restored.hear_all(events);
  restored.settle();
  EXPECT_EQ(book_in(restored.database, call), book_in(database, call));
}

// No event tells of an agency: what is its waits until somebody has made it anew.
TEST_F(OwnBookTest, WhatBelongsToAForgottenAgencyWaitsForIt) {
  live();
  RestoredBook restored(clock);
  restored.hear_all(all_published());
  restored.settle();
  EXPECT_THAT(lines_of(restored.database, call, early), Not(IsEmpty()));
  EXPECT_THAT(lines_of(restored.database, call, book_rows[1]), IsEmpty());
  restored.make_agency(agency);
  restored.settle();
  EXPECT_THAT(lines_of(restored.database, call, early), IsEmpty());
  EXPECT_EQ(book_in(restored.database, call), book_in(database, call));
}

TEST_F(OwnBookTest, WhatCannotBeReadIsPoisonAndNotWaitedFor) {
  make_account("Acme");
  const auto events = all_published();
  RestoredBook restored(clock);
  restored.make_agency(agency);
  auto broken = events.back();
  broken.id = new_uuid();
  broken.payload = "\xff\xff";
  const auto heard = restored.hear(broken);
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().retry(), Retry::never) << describe(heard.error());
  restored.hear_all(events);
  EXPECT_EQ(book_in(restored.database, call), book_in(database, call));
}

}  // namespace
}  // namespace holdfast::accounts
