#include "accounts/app/known_book.h"

#include <gmock/gmock.h>

#include "accounts/app/source_ids.h"
#include "accounts/app/tests/with_inventory.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/store/import_known.sql.h"
#include "accounts/store/import_matches.sql.h"
#include "runtime/testing/plan.h"

namespace holdfast::accounts {
namespace {

using import_book::Catalog;
using import_book::Mentions;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

// Acme at HQ, with a circuit of Lumen, under Acme Group; and Beta Inc. in Boston.
struct AgencyBookTest : WithInventory {
  void SetUp() override {
    WithInventory::SetUp();
    const auto group = make_account("Acme Group");
    ASSERT_TRUE(run(change_account, ChangeAccount{.id = account, .parent_id = group}));
    beta = make_account("Beta Inc.");
    add_beta_location("Boston");
    ASSERT_TRUE(run(add_product, circuit("00/A/1")));
  }

  void add_beta_location(const std::string& name) {
    ASSERT_TRUE(run(add_location, AddLocation{.account_id = beta, .name = name, .time_zone = "America/New_York"}));
  }
  void find(const Mentions& mentions) { find(mentions, catalog); }
  void find(const Mentions& mentions, Catalog& into) {
    const auto found = known.find(mentions, into);
    EXPECT_TRUE(found) << describe(found.error());
  }

  AccountId beta;
  const ContractsPort contracts;
  AgencyBook known{database, contracts, call};
  import_book::Book book;
  Catalog catalog{book};
};

TEST_F(AgencyBookTest, AnAccountComesWithItsLocationsAndAllThatItStandsUnder) {
  find({.accounts = {"acme", "nobody"}});
  EXPECT_EQ(catalog.account("ACME")->parent, "Acme Group");
  EXPECT_EQ(catalog.account("Acme Group")->name, "Acme Group");
  EXPECT_EQ(catalog.only_location("Acme")->time_zone, "America/Denver");
  EXPECT_FALSE(catalog.account("Beta Inc."));
  EXPECT_FALSE(catalog.account("Nobody"));
}

TEST_F(AgencyBookTest, AnAccountIsFoundByWhatIsNearlyItsName) {
  find({.forms = {form_key("Beta LLC")}});
  EXPECT_EQ(catalog.account_of_form("Beta")->name, "Beta Inc.");
  ASSERT_TRUE(run(change_account, ChangeAccount{.id = account, .name = "Gamma Company"}));
  find({.forms = {form_key("Gamma"), form_key("Acme")}});
  EXPECT_EQ(catalog.account_of_form("Gamma")->name, "Gamma Company");
  EXPECT_FALSE(catalog.account("Acme")) << "it is not called so any more";
  // That there are two is seen, and the elder comes first.
  clock.advance(1s);  // ids are in the order of time
  make_account("Beta, Limited");
  Catalog later(book);
  find({.forms = {"beta"}}, later);
  EXPECT_FALSE(later.account_of_form("Beta"));
  EXPECT_EQ(later.first_of_form("Beta")->name, "Beta Inc.");
}

TEST_F(AgencyBookTest, ALocationIsFoundByItsNameAndNotOnlyOne) {
  find({.locations = {"boston"}});
  EXPECT_EQ(catalog.location_named("Boston")->account, "Beta Inc.");
  EXPECT_EQ(catalog.account("Beta Inc.")->name, "Beta Inc.");
  add_beta_location("HQ");
  Catalog later(book);
  find({.locations = {"hq"}}, later);
  EXPECT_FALSE(later.location_named("HQ")) << "Acme has one too";
  EXPECT_TRUE(later.location("Beta Inc.", "Boston")) << "as have all locations of who was found";
}

TEST_F(AgencyBookTest, AContactIsFoundByTheNameUnlessSeveralAccountsHaveOne) {
  for (const auto* email : {"one@beta.example", "two@beta.example"}) {
    ASSERT_TRUE(run(add_contact, AddContact{.account_id = beta, .name = "Jan Doe", .email = email}));
  }
  find({.contacts = {"jan doe"}});
  EXPECT_EQ(catalog.contact_named("Jan Doe")->account, "Beta Inc.") << "two of one account are no doubt whose";
  EXPECT_TRUE(catalog.account("Beta Inc."));
  ASSERT_TRUE(run(add_contact, AddContact{.account_id = account, .name = "Jan Doe", .email = "jan@acme.example"}));
  Catalog later(book);
  find({.contacts = {"jan doe"}}, later);
  EXPECT_FALSE(later.contact_named("Jan Doe"));
}

TEST_F(AgencyBookTest, AProductIsFoundByEitherOfItsNumbersOnce) {
  find({.billing_numbers = {"+16175550149"}});
  ASSERT_EQ(catalog.products_with_btn("+16175550149").size(), 1u);
  EXPECT_EQ(catalog.products_with_btn("+16175550149")[0].account, "Acme");
  EXPECT_EQ(catalog.products_with_btn("+16175550149")[0].carrier_account, "5ABC0149");
  find({.circuits = {"00A1"}});
  EXPECT_EQ(catalog.products_with_circuit("00A1").size(), 1u);
}

TEST_F(AgencyBookTest, AnImportedContractIsFoundByItsNumber) {
  temporary.run(
      fmt::format("SET app.agencies = '{0}';"
                  "INSERT INTO imported (agency_id, source_id, kind, name, fingerprint, import_id)"
                  " VALUES ('{0}', '{1}', 'contract', 'C-1', gen_random_uuid(), gen_random_uuid())",
                  to_string(agency), to_string(contract_source(agency, "c-1"))));
  find({.contracts = {"c-1", "c-2"}});
  EXPECT_EQ(catalog.contract("C-1")->number, "C-1");
  EXPECT_FALSE(catalog.contract("C-2"));
}

TEST_F(AgencyBookTest, CarriersAreHadWholeAndNobodyElsesBook) {
  EXPECT_EQ(*known.carriers(), std::vector<std::string>{"Lumen"});
  AgencyBook foreign(database, contracts, stranger);
  EXPECT_TRUE(foreign.carriers()->empty());
  ASSERT_TRUE(foreign.find({.accounts = {"acme"}, .locations = {"boston"}, .circuits = {"00A1"}}, catalog));
  EXPECT_FALSE(catalog.account("Acme"));
  EXPECT_FALSE(catalog.location_named("Boston"));
  EXPECT_TRUE(catalog.products_with_circuit("00A1").empty());
}

TEST_F(AgencyBookTest, WhatIsThereBesidesIsNotRead) {
  temporary.run(fmt::format(
      "SET app.agencies = '{0}';"
      "INSERT INTO accounts (agency_id, id, name, number, status, tier, owner_id, version, name_key, form_key)"
      " SELECT '{0}', md5(n::text)::uuid, n, '', 'active', 'standard', '{1}', 1, n, n"
      " FROM generate_series(1, 5000) AS n;"
      "INSERT INTO locations (agency_id, id, account_id, name, street, city, state, postal_code, time_zone, version,"
      " name_key) SELECT agency_id, gen_random_uuid(), id, name, '', '', '', '', 'UTC', 1, name FROM accounts;"
      "INSERT INTO contacts (agency_id, id, account_id, name, email, phone, version, name_key)"
      " SELECT agency_id, gen_random_uuid(), id, name, '', '', 1, name FROM accounts;"
      "INSERT INTO products (agency_id, id, account_id, carrier_id, circuit_id, circuit_key, btn, type, service, speed,"
      " status, version, contract_number, notes) SELECT agency_id, gen_random_uuid(), id, '{2}', name, name, name,"
      " 'circuit', '', '', 'active', 1, '', '' FROM accounts;"
      "ANALYZE accounts, locations, contacts, products",
      to_string(agency), to_string(owner), to_string(carrier)));
  const std::vector<std::string> keys{"1", "5000", "nobody"};
  // Often enough that PostgreSQL has settled for one plan.
  for (int time = 0; time < 8; ++time) {
    const auto plans = database.read(call, [&](sql::Transaction& transaction) -> Result<std::vector<std::string>> {
      using holdfast::testing::plan_of;
      CHECK_OK(transaction.exec(statements::look_by_index));
      std::vector<std::string> each;
      each.push_back(TRY(plan_of(transaction, statements::known_accounts.text, agency, keys, keys, keys, keys)));
      each.push_back(
          TRY(plan_of(transaction, statements::known_locations.text, agency, std::vector{account.uuid, beta.uuid})));
      each.push_back(TRY(plan_of(transaction, statements::known_contacts.text, agency, keys)));
      each.push_back(TRY(plan_of(transaction, statements::known_products.text, agency, keys, keys)));
      return each;
    });
    ASSERT_TRUE(plans) << describe(plans.error());
    for (const auto& plan : *plans) {
      EXPECT_THAT(plan, HasSubstr("Index"));
      EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
      EXPECT_THAT(plan, Not(ContainsRegex("Removed by Filter: [0-9][0-9]")));
      EXPECT_THAT(plan, Not(ContainsRegex("rows=[0-9][0-9][0-9]"))) << "nor handed up and joined";
    }
  }
}

}  // namespace
}  // namespace holdfast::accounts
