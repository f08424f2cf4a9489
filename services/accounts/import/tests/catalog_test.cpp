#include "accounts/import/catalog.h"

#include <gtest/gtest.h>

#include "accounts/domain/contact.h"
#include "accounts/import/propose.h"
#include "accounts/import/tests/expected_book.h"
#include "accounts/import/tests/made_files.h"

namespace holdfast::accounts::import_book {
namespace {

const std::string headings = "Customer,Loc,City,ST,Site Contact,E-mail\n";

TEST(Catalog, APersonsSitesStandInTheOrderOfTheirRows) {
  const auto book = book_of(headings +
                            "Acme,HQ,Boston,MA,Jan,jan@acme.example\n"
                            "Acme,East,Salem,MA,Jan,\n"
                            "Beta,East,Salem,MA,Jan,\n"
                            "Acme,West,Reno,NV,Jan,\n"
                            "Acme,East,Salem,MA,Jan,\n");
  ASSERT_EQ(book.contacts.size(), 2u);
  const auto sites = book.contacts[0].sites;
  ASSERT_EQ(sites.size(), 3u);
  EXPECT_EQ(sites[0].location, "HQ");
  EXPECT_EQ(sites[1].location, "East");
  EXPECT_EQ(sites[1].place.row, 3u);
  EXPECT_EQ(sites[2].location, "West");
  EXPECT_EQ(book.contacts[1].sites.size(), 1u);
  EXPECT_EQ(book.verdicts[0].follows.row, 0u);
  EXPECT_EQ(book.verdicts[1].follows.row, 2u) << "the row that brought Jan";
  EXPECT_EQ(book.verdicts[3].follows.row, 2u);
  EXPECT_EQ(book.verdicts[4].verdict, Verdict::unchanged);
  EXPECT_EQ(book.verdicts[4].first_row, 3u);
}

TEST(Catalog, APersonKeepsAsManySitesAsOneMayHave) {
  auto table = headings;
  for (int number = 0; number < 1'200; ++number) table += "Acme,Branch " + std::to_string(number) + ",Boston,MA,Jan,\n";
  const auto book = book_of(table);
  EXPECT_EQ(book.locations.size(), 1'200u);
  ASSERT_EQ(book.contacts.size(), 1u);
  EXPECT_EQ(book.contacts[0].sites.size(), max_contact_locations);
}

// The agency's come before the book's, and of each the first.
TEST(Catalog, AccountsOfOneFormAreFoundInOrder) {
  Book book;
  Catalog catalog(book);
  EXPECT_TRUE(catalog.know(Account{.name = "Beta Inc."}));
  EXPECT_FALSE(catalog.know(Account{.name = "beta inc."}));
  for (const auto* name : {"Acme, Inc.", "Acme LLC", "Beta LLC", "Gamma"}) catalog.add(Account{.name = name});
  EXPECT_EQ(catalog.first_of_form("ACME Corp.")->name, "Acme, Inc.");
  EXPECT_EQ(catalog.first_of_form("Beta")->name, "Beta Inc.");
  EXPECT_FALSE(catalog.account_of_form("Acme"));
  EXPECT_EQ(catalog.account_of_form("Beta")->name, "Beta LLC");
  EXPECT_FALSE(catalog.first_of_form("Delta"));
}

TEST(Catalog, AnOrderFindsANumberThatALaterRowAdds) {
  const MadeFile customers("Customer,City\nAcme,Boston\n", "customers.csv");
  const MadeFile circuits("Customer,Carrier,Circuit ID,BTN\nAcme,Lumen,00/A/1,\nAcme,Lumen,00/A/1,617-555-0149\n",
                          "circuits.csv");
  const MadeFile ports("Customer,Type,BTN / Circuit,Submitted\nAcme,port,617-555-0149,2026-01-05\n", "ports.csv");
  const auto tables = tables_of({customers.path(), circuits.path(), ports.path()}, nullptr);
  const auto book = interpret(tables, *propose(tables));
  ASSERT_TRUE(book) << describe(book.error());
  ASSERT_EQ(book->orders.size(), 1u);
  EXPECT_EQ(book->orders[0].circuit_id, "00/A/1");
}

TEST(Catalog, TheRowsOfAllTablesTogetherHaveALimit) {
  const MadeFile customers("Customer,City\nAcme,Boston\nBeta,Salem\n", "customers.csv");
  const MadeFile circuits("Customer,Carrier,Circuit ID\nAcme,Lumen,00/A/1\n", "circuits.csv");
  const auto tables = tables_of({customers.path(), circuits.path()}, nullptr);
  const auto mapping = *propose(tables);
  EXPECT_TRUE(interpret(tables, mapping, {.rows = 3}));
  const auto refused = interpret(tables, mapping, {.rows = 2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::file_too_large);
}

}  // namespace
}  // namespace holdfast::accounts::import_book
