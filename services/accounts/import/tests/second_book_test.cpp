#include <gtest/gtest.h>

#include <algorithm>

#include "accounts/import/propose.h"
#include "accounts/import/tests/expected_book.h"

// Another agency's book, with other headings, another order and another mess: what works for one book only works for
// none.
namespace holdfast::accounts::import_book {
namespace {

std::vector<std::string> delimited_second_book() {
  return test_files("second-book/csv", {"vendor directory", "inventory", "disconnect log", "agreements", "number ports",
                                        "sites", "clients"});
}

Mapping proposed(const std::vector<std::string>& files) {
  const auto tables = tables_of(files, nullptr);
  auto mapping = propose(tables);
  EXPECT_TRUE(mapping) << (mapping ? "" : describe(mapping.error()));
  return mapping ? *std::move(mapping) : Mapping{};
}

// The workbook's mapping as a user would complete it: each sheet with the delimited file that holds the same rows.
Mapping completed() {
  auto mapping = proposed({test_file("second-book/book.xlsx")});
  for (auto& sheet : mapping.sheets) {
    sheet.file = "csv/" + sheet.name + ".csv";
    std::ranges::transform(sheet.file, sheet.file.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  return mapping;
}

void expect_the_second_answer(const std::vector<std::string>& files, const Mapping& mapping) {
  const auto tables = tables_of(files, &mapping);
  const auto book = interpret(tables, mapping);
  ASSERT_TRUE(book) << describe(book.error());
  ExpectedBook expected(test_file("second-book/truth.json"));
  expected.compare(*book, completed());
  for (const auto& difference : expected.differences()) ADD_FAILURE() << difference;
}

TEST(SecondBook, WorkbookIsRecognised) {
  const std::vector files{test_file("second-book/book.xlsx")};
  expect_the_second_answer(files, proposed(files));
}

TEST(SecondBook, DelimitedFilesAreRecognised) {
  expect_the_second_answer(delimited_second_book(), proposed(delimited_second_book()));
}

TEST(SecondBook, AProposedMappingCanBePrintedAndGivenBack) {
  const auto mapping = read_mapping(write_mapping(completed()));
  ASSERT_TRUE(mapping) << describe(mapping.error());
  EXPECT_EQ(write_mapping(*mapping), write_mapping(completed()));
  expect_the_second_answer({test_file("second-book/book.xlsx")}, *mapping);
  expect_the_second_answer(delimited_second_book(), *mapping);
}

}  // namespace
}  // namespace holdfast::accounts::import_book
