#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/book.h"
#include "accounts/import/mapping.h"

namespace holdfast::accounts::import_book {

// What the words of one sheet mean: those that its mapping lists, then those that the trade uses everywhere.
class Vocabulary {
 public:
  Vocabulary(const Mapping& mapping, const SheetMapping& sheet);

  bool is_unknown(std::string_view text) const { return holds(unknown_, text); }        // TBD
  bool is_open_ended(std::string_view text) const { return holds(open_ended_, text); }  // MTM
  bool is_zero(std::string_view text) const { return holds(zero_, text); }              // incl

  // The meaning of a word in a field: of the whole text, else of its first word ("REJ - wrong zip" is REJ).
  std::optional<std::string> meaning(Field field, std::string_view text) const;

 private:
  static bool holds(const std::vector<std::string>& words, std::string_view text);

  std::vector<std::string> unknown_, open_ended_, zero_;
  std::map<Field, std::map<std::string, std::string>> meanings_;
};

// The words of a field that everybody in the trade understands, by meaning.
std::vector<std::pair<std::string, std::vector<std::string>>> trade_words(Field field);

// Finds the proper names of carriers.
class CarrierNames {
 public:
  explicit CarrierNames(const Mapping& mapping);

  // A name that a list of carriers gives: it stands for itself, whatever the trade's list says of it.
  void add_listed(std::string_view name);
  std::string proper(std::string_view name) const;

 private:
  std::map<std::string, std::string> mapped_, listed_, trade_;
};

}  // namespace holdfast::accounts::import_book
