#include <gtest/gtest.h>

#include "accounts/import/propose.h"
#include "accounts/import/tests/expected_book.h"

// The decisive test: an agency's own book with all its faults, as a workbook and as delimited files, against the
// complete answer.
namespace holdfast::accounts::import_book {
namespace {

constexpr std::size_t shown_differences = 30;

Mapping agency_mapping() {
  auto mapping = read_mapping(contents_of(test_file("agency-book/mapping.json")));
  EXPECT_TRUE(mapping) << describe(mapping.error());
  return *std::move(mapping);
}

std::vector<std::string> delimited_files() {
  std::vector<std::string> files;
  for (const auto* name : {"customers", "circuits", "contracts", "carrier_contacts", "port_disconnect"}) {
    files.push_back(test_file("agency-book/csv/" + std::string(name) + ".csv"));
  }
  return files;
}

void expect_the_answer(const std::vector<std::string>& files, const Mapping& mapping) {
  const auto book = interpret(tables_of(files, &mapping), mapping);
  ASSERT_TRUE(book) << describe(book.error());
  ExpectedBook expected(test_file("agency-book/truth.json"));
  expected.compare(*book, mapping);
  const auto& differences = expected.differences();
  for (std::size_t at = 0; at < std::min(differences.size(), shown_differences); ++at) ADD_FAILURE() << differences[at];
  EXPECT_EQ(differences.size(), 0u);
}

TEST(AgencyBook, WorkbookComesToTheAnswer) {
  expect_the_answer({test_file("agency-book/book.xlsx")}, agency_mapping());
}

TEST(AgencyBook, DelimitedFilesComeToTheAnswer) { expect_the_answer(delimited_files(), agency_mapping()); }

// What a user without a mapping gets: headings, words and carriers are recognised, and the answer is the same.
void expect_recognised(const std::vector<std::string>& files) {
  const auto tables = tables_of(files, nullptr);
  auto mapping = propose(tables);
  ASSERT_TRUE(mapping) << describe(mapping.error());
  const auto book = interpret(tables, *mapping);
  ASSERT_TRUE(book) << describe(book.error());
  ExpectedBook expected(test_file("agency-book/truth.json"));
  expected.compare(*book, agency_mapping());
  const auto& differences = expected.differences();
  for (std::size_t at = 0; at < std::min(differences.size(), shown_differences); ++at) ADD_FAILURE() << differences[at];
  EXPECT_EQ(differences.size(), 0u);
}

TEST(AgencyBook, WorkbookIsRecognisedWithoutAMapping) { expect_recognised({test_file("agency-book/book.xlsx")}); }

TEST(AgencyBook, DelimitedFilesAreRecognisedWithoutAMapping) { expect_recognised(delimited_files()); }

}  // namespace
}  // namespace holdfast::accounts::import_book
