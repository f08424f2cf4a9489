#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "accounts/import/key_index.h"
#include "accounts/import/records.h"

namespace holdfast::accounts::import_book {

// Finds records by a key that is made of them. It is told of each that is appended to them, in order; one whose key has
// changed since is not found any more.
template <class Record>
class RecordIndex {
 public:
  using KeyOf = std::string (*)(const Record&);

  RecordIndex(const Records<Record>& records, KeyOf key_of) : records_(records), key_of_(key_of) {}

  void add(const Record& record) { index_.add(key_of_(record)); }

  std::optional<std::uint32_t> first(const std::string& key) const {
    auto first = index_.first_alike(key);
    if (first == KeyIndex::none || has(first, key)) return found(first);
    // Another key hashes alike and came first: then those of this one stand in any order.
    auto number = first;
    first = KeyIndex::none;
    while ((number = index_.next_alike(number)) != KeyIndex::none) {
      if (has(number, key)) first = std::min(first, number);
    }
    return found(first);
  }

  // How many have the key; two stands for more as well.
  int count_to_two(const std::string& key) const {
    int count = 0;
    for (auto number = index_.first_alike(key); number != KeyIndex::none && count < 2;
         number = index_.next_alike(number)) {
      if (has(number, key)) ++count;
    }
    return count;
  }

  // In order.
  std::vector<std::uint32_t> all(const std::string& key) const {
    std::vector<std::uint32_t> numbers;
    for (auto number = index_.first_alike(key); number != KeyIndex::none; number = index_.next_alike(number)) {
      if (has(number, key)) numbers.push_back(number);
    }
    std::ranges::sort(numbers);
    return numbers;
  }

 private:
  bool has(std::uint32_t number, const std::string& key) const { return key_of_(records_[number]) == key; }
  static std::optional<std::uint32_t> found(std::uint32_t number) {
    return number == KeyIndex::none ? std::nullopt : std::optional(number);
  }

  const Records<Record>& records_;
  KeyOf key_of_;
  KeyIndex index_;
};

}  // namespace holdfast::accounts::import_book
