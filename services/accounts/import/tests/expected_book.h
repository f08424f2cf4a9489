#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

// A book set beside the JSON of its expected answer (tests/data/*/truth.json): a line for every difference, so that a
// failing test says what is wrong and not only that something is.
class ExpectedBook {
 public:
  explicit ExpectedBook(const std::string& path);

  const nlohmann::json& json() const { return json_; }
  // The name of a table in the answer: the sheet's, also when its rows come from the delimited file.
  void compare(const Book& book, const Mapping& mapping);
  const std::vector<std::string>& differences() const { return differences_; }

 private:
  void compare_records(const std::string& kind, const std::vector<std::string>& key, const nlohmann::json& found);
  void compare_tables(const Book& book, const std::vector<std::string>& sheets);
  void compare_rejected(const Book& book, const std::vector<std::string>& sheets);
  void compare_repeats(const Book& book, const std::vector<std::string>& sheets);
  void compare_warnings(const Book& book, const std::vector<std::string>& sheets);
  void note(std::string difference) { differences_.push_back(std::move(difference)); }

  nlohmann::json json_;
  std::vector<std::string> differences_;
};

// Every day since 2007 begins at the same instant in both.
bool same_zone(const std::string& one, const std::string& other);

std::string test_file(const std::string& name);  // below tests/data
// The delimited ones of a folder, named without their ".csv".
std::vector<std::string> test_files(const std::string& folder, std::initializer_list<const char*> names);
std::string contents_of(const std::string& path);
Tables tables_of(const std::vector<std::string>& files,
                 const Mapping* mapping);  // fails the test when one cannot be read

}  // namespace holdfast::accounts::import_book
