#include "accounts/import/known_book.h"

#include <gtest/gtest.h>

#include "accounts/import/propose.h"
#include "accounts/import/tests/book_json.h"
#include "accounts/import/tests/expected_book.h"
#include "accounts/import/tests/made_agency.h"
#include "accounts/import/tests/made_files.h"

// What the agency has already, of which a book is told no more than its rows mention.
namespace holdfast::accounts::import_book {
namespace {

using Tells = MadeAgency::Tells;

Book read(const std::string& bytes, KnownBook& known, const std::string& name = "made.csv") {
  const MadeFile file(bytes, name);
  const auto tables = tables_of({file.path()}, nullptr);
  const auto mapping = propose(tables);
  EXPECT_TRUE(mapping) << describe(mapping.error());
  auto book = interpret(tables, *mapping, {.known = &known});
  EXPECT_TRUE(book) << describe(book.error());
  return book ? *std::move(book) : Book{};
}

std::vector<std::string> told(const Book& book) {
  std::vector<std::string> lines;
  for (const auto& verdict : book.verdicts) {
    lines.push_back(std::to_string(verdict.place.table) + ":" + std::to_string(verdict.place.row) + " " +
                    std::to_string(static_cast<int>(verdict.verdict)));
  }
  for (const auto& finding : book.findings) {
    lines.push_back(std::to_string(finding.place.table) + ":" + std::to_string(finding.place.row) + " " +
                    finding.column + ": " + finding.message);
  }
  for (const auto& records :
       {accounts_json(book), locations_json(book), contacts_json(book), carrier_accounts_json(book),
        products_json(book), contracts_json(book, "2026-11-30"), ports_json(book), disconnects_json(book)}) {
    for (const auto& record : records) lines.push_back(record.dump());
  }
  return lines;
}

// Each file by itself, into what all of them have come to: rows are told of all that they look for when it is as if
// everything were told.
void expect_no_more_needed_than_is_mentioned(const std::vector<std::string>& files, const Mapping& mapping) {
  const auto whole = interpret(tables_of(files, &mapping), mapping);
  ASSERT_TRUE(whole) << describe(whole.error());
  for (const auto& file : files) {
    const auto tables = tables_of({file}, &mapping);
    MadeAgency some(*whole), all(*whole, Tells::all);
    const auto of_some = interpret(tables, mapping, {.known = &some});
    const auto of_all = interpret(tables, mapping, {.known = &all});
    ASSERT_TRUE(of_some && of_all) << file;
    EXPECT_EQ(told(*of_some), told(*of_all)) << file;
  }
}

TEST(KnownBook, AnAgencysBookNeedsNoMoreThanItMentions) {
  const auto mapping = read_mapping(contents_of(test_file("agency-book/mapping.json")));
  ASSERT_TRUE(mapping) << describe(mapping.error());
  expect_no_more_needed_than_is_mentioned(
      test_files("agency-book/csv", {"carrier_contacts", "circuits", "contracts", "customers", "port_disconnect"}),
      *mapping);
}

TEST(KnownBook, AnothersBookNeedsNoMoreThanItMentions) {
  const auto files = test_files("second-book/csv", {"vendor directory", "inventory", "disconnect log", "agreements",
                                                    "number ports", "sites", "clients"});
  expect_no_more_needed_than_is_mentioned(files, *propose(tables_of(files, nullptr)));
}

TEST(KnownBook, ListsOfAnInventoryNeedNoMoreThanTheyMention) {
  const auto files = test_files("netbox/current-view", {"circuits", "contacts", "providers", "sites", "tenants"});
  expect_no_more_needed_than_is_mentioned(files, *propose(tables_of(files, nullptr)));
}

// Of each a way by which a row finds it.
struct Agency {
  Agency() {
    book.accounts.push_back({.name = "Acme Group"});
    book.accounts.push_back({.name = "Acme", .parent = "Acme Group"});
    book.accounts.push_back({.name = "Beta Inc."});
    book.accounts.push_back({.name = "Gamma Inc."});
    for (const auto* form : {"Inc.", "LLC", "Corp."}) book.accounts.push_back({.name = std::string("Delta ") + form});
    for (const auto& [account, name] : {std::pair("Acme", "Main"), {"Acme", "East"}, {"Beta Inc.", "Main"}}) {
      book.locations.push_back({.account = account, .name = name, .time_zone = "America/Chicago"});
    }
    book.contacts.push_back({.account = "Beta Inc.", .name = "Jan Doe"});
    book.contracts.push_back({.number = "C-1"});
    book.products.push_back(
        {.carrier = "Lumen", .circuit_id = "00/A/1", .account = "Acme", .btn = {"+16175550149", {}}});
    book.carriers.push_back({.name = "Lumen"});
  }
  Book book;
};

TEST(KnownBook, AContactIsOfWhoHasThePlaceThePersonOrAGroupOfTheName) {
  const Agency agency;
  MadeAgency known(agency.book);
  const auto book = read(
      "Contact Name,Site Name,Group,E-mail\n"
      "Kim,East,,kim@acme.example\n"
      "Jan Doe,,,jan@beta.example\n"
      "Lee,,Gamma,lee@gamma.example\n"
      "Sam,,Delta Corp.,sam@delta.example\n"
      "Pat,Nowhere,Nobody,pat@nobody.example\n",
      known, "contacts.csv");
  ASSERT_EQ(book.contacts.size(), 4u);
  EXPECT_EQ(book.contacts[0].account, "Acme");
  EXPECT_EQ(book.contacts[1].account, "Beta Inc.");
  EXPECT_EQ(book.contacts[2].account, "Gamma Inc.");
  EXPECT_EQ(book.contacts[3].account, "Delta Corp.") << "though three are called nearly so";
  EXPECT_EQ(book.verdicts[4].verdict, Verdict::rejected);
}

TEST(KnownBook, AnAccountOfNearlyTheSameNameIsWarnedOf) {
  const Agency agency;
  MadeAgency known(agency.book);
  const auto book = read("Customer,City\nBeta LLC,Boston\nEpsilon,Boston\n", known);
  ASSERT_EQ(book.accounts.size(), 2u);
  const auto warned = [&](std::uint32_t row) {
    for (const auto& finding : book.findings) {
      if (finding.place.row == row && finding.reason == Reason::possible_duplicate) return finding.message;
    }
    return std::string();
  };
  EXPECT_EQ(warned(2), "nearly the name of Beta Inc.: two accounts are kept");
  EXPECT_EQ(warned(3), "");
}

TEST(KnownBook, AnAccountIsNotHungUnderWhatHangsUnderIt) {
  const Agency agency;
  MadeAgency known(agency.book);
  const auto book = read("Customer,City,Parent\nAcme Group,Boston,Acme\nEpsilon,Boston,Acme\n", known);
  ASSERT_EQ(book.accounts.size(), 2u);
  EXPECT_EQ(book.accounts[0].parent, "") << "Acme stands under it";
  EXPECT_EQ(book.accounts[1].parent, "Acme");
}

// More rows than are asked for together.
TEST(KnownBook, OnlyWhatIsMentionedIsAskedForAndOnce) {
  const Agency agency;
  MadeAgency known(agency.book);
  std::string circuits = "Customer,Carrier,Circuit ID,Contract #\n";
  for (int number = 0; number < 1'200; ++number) circuits += "Acme,Lumen,00/B/" + std::to_string(number) + ",C-1\n";
  const auto book = read(circuits, known, "circuits.csv");
  ASSERT_EQ(book.products.size(), 1'200u);
  EXPECT_EQ(book.products[1'199].contract, "C-1");
  EXPECT_EQ(known.asked().accounts, std::set<std::string>{"acme"});
  EXPECT_EQ(known.asked().contracts, std::set<std::string>{"c-1"});
  EXPECT_TRUE(known.asked().forms.empty() && known.asked().locations.empty() && known.asked().circuits.empty());
  EXPECT_EQ(known.times_asked(), 1) << "what is known is not asked for with the later rows";
}

TEST(KnownBook, WhatTheBookBringsIsAskedForOnceToo) {
  const Agency agency;
  MadeAgency known(agency.book);
  std::string sites = "Customer,Loc,City\n";
  for (int number = 0; number < 1'200; ++number) sites += "Zeta,Branch " + std::to_string(number) + ",Boston\n";
  EXPECT_EQ(read(sites, known).locations.size(), 1'200u);
  EXPECT_EQ(known.times_asked(), 1);
}

TEST(KnownBook, WhatCannotBeAskedForEndsTheReading) {
  struct Gone : MadeAgency {
    using MadeAgency::MadeAgency;
    Result<> find(const Mentions&, Catalog&) override {
      return fail(Reason::dependency_unavailable, "the database is gone");
    }
  };
  const Agency agency;
  Gone known(agency.book);
  const MadeFile file("Customer,Carrier,Circuit ID\nAcme,Lumen,00/B/1\n", "circuits.csv");
  const auto tables = tables_of({file.path()}, nullptr);
  EXPECT_EQ(interpret(tables, *propose(tables), {.known = &known}).error().reason, Reason::dependency_unavailable);
}

}  // namespace
}  // namespace holdfast::accounts::import_book
