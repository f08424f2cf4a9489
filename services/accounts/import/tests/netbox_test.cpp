#include <gtest/gtest.h>

#include <map>

#include "accounts/import/book_fields.h"
#include "accounts/import/propose.h"
#include "accounts/import/tests/expected_book.h"
#include "accounts/import/tests/made_agency.h"

// NetBox's lists in both of its forms, without a mapping: what its users export imports.
namespace holdfast::accounts::import_book {
namespace {

Book book_in(const std::vector<std::string>& files) {
  const auto tables = tables_of(files, nullptr);
  const auto mapping = propose(tables);
  EXPECT_TRUE(mapping) << (mapping ? "" : describe(mapping.error()));
  if (!mapping) return {};
  auto book = interpret(tables, *mapping);
  EXPECT_TRUE(book) << (book ? "" : describe(book.error()));
  return book ? *std::move(book) : Book{};
}

void expect_all_created(const Book& book) {
  for (const auto& table : book.tables) {
    EXPECT_EQ(table.ignored ? 0 : table.created, table.rows_read) << table.name;
  }
  for (const auto& finding : book.findings) {
    if (!finding.rejects) continue;
    ADD_FAILURE() << book.tables[finding.place.table].name << " row " << finding.place.row << ": "
                  << info(finding.reason).camel << " " << finding.column << " " << finding.value;
  }
}

TEST(NetBox, PlainListsImport) {
  const auto book =
      book_in(test_files("netbox", {"circuit_terminations", "circuit_types", "circuits", "contact_assignments",
                                    "contact_groups", "contact_roles", "contacts", "provider_networks", "providers",
                                    "regions", "site_groups", "sites", "tenant_groups", "tenants"}));
  EXPECT_EQ(book.accounts.size(), 11u);
  EXPECT_EQ(book.locations.size(), 24u);
  EXPECT_EQ(book.carriers.size(), 9u);
  EXPECT_EQ(book.products.size(), 29u);
  EXPECT_EQ(book.contacts.size(), 3u);
  std::map<std::string, bool> ignored;
  for (const auto& table : book.tables) ignored[table.name] = table.ignored;
  for (const auto* list : {"circuit_types.csv", "contact_groups.csv", "contact_roles.csv", "provider_networks.csv",
                           "regions.csv", "site_groups.csv", "tenant_groups.csv", "circuit_terminations.csv"}) {
    EXPECT_TRUE(ignored[list]) << list;
  }
  for (const auto& contact : book.contacts) {
    EXPECT_EQ(contact.account, "Dunder-Mifflin, Inc.") << contact.name;
    EXPECT_FALSE(contact.email.empty()) << contact.name;
    ASSERT_EQ(contact.sites.size(), 1u) << contact.name;
    EXPECT_EQ(contact.sites[0].location, "DM-Scranton");
  }
}

TEST(NetBox, LocationsHaveTheirZones) {
  const auto book = book_in(test_files("netbox", {"tenants", "sites"}));
  expect_all_created(book);
  ASSERT_EQ(book.locations.size(), 24u);
  for (const auto& location : book.locations) {
    EXPECT_FALSE(location.time_zone.empty()) << location.name;
    if (location.name != "JBB Branch 127") continue;
    EXPECT_EQ(location.city, "Orange Park");
    EXPECT_EQ(location.street, "7730 Summerhouse St.");
    EXPECT_EQ(location.zip, "32065");
  }
}

TEST(NetBox, CurrentViewsImport) {
  const auto book =
      book_in(test_files("netbox/current-view", {"circuits", "contacts", "providers", "sites", "tenants"}));
  expect_all_created(book);
  EXPECT_EQ(book.accounts.size(), 11u);
  EXPECT_EQ(book.locations.size(), 24u);
  EXPECT_EQ(book.carriers.size(), 9u);
  EXPECT_EQ(book.products.size(), 29u);
  EXPECT_EQ(book.contacts.size(), 3u);
  for (size_t at = 0; at < book.products.size(); ++at) {
    EXPECT_FALSE(book.products[at].location.empty()) << book.products[at].circuit_id;
  }
}

TEST(NetBox, ListsImportOneByOne) {
  const auto tenants = book_in(test_files("netbox", {"tenants"}));
  const auto sites_tables = tables_of(test_files("netbox", {"sites", "circuits", "providers"}), nullptr);
  const auto mapping = propose(sites_tables);
  ASSERT_TRUE(mapping);
  MadeAgency known(tenants);
  const auto book = interpret(sites_tables, *mapping, {.known = &known});
  ASSERT_TRUE(book) << describe(book.error());
  expect_all_created(*book);
  EXPECT_EQ(book->products.size(), 29u);
}

}  // namespace
}  // namespace holdfast::accounts::import_book
