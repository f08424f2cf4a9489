#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "accounts/import/book.h"
#include "accounts/import/dates.h"
#include "accounts/import/header.h"
#include "accounts/import/phones.h"
#include "accounts/import/vocabulary.h"

namespace holdfast::accounts::import_book {

// What is the same for all rows of one table.
struct TableReading {
  std::uint32_t table = 0;
  const SheetMapping* sheet;
  Header header;
  Vocabulary vocabulary;
  DateRules dates;
  PhoneReader* phones;
  const CarrierNames* carriers;
  std::size_t name_bytes;
  std::size_t note_bytes;
  std::map<Field, Cell> carried;  // of the row above, for continues_when_empty
};

// One row, asked field by field. What is wrong is remembered: the first thing that rejects the row, and what is worth a
// warning, which counts only if the row brings the record that the field belongs to.
class RowFacts {
 public:
  RowFacts(TableReading& reading, const Row& row);

  RowPlace place() const { return {reading_.table, row_.number}; }
  const TableReading& reading() const { return reading_; }

  bool has(Field field) const { return find(field) != nullptr; }  // a cell that is not empty
  bool mapped(Field field) const { return reading_.header.columns.contains(field); }

  std::string text(Field field, bool with_default = true);
  std::string address(Field field);  // its line breaks become commas
  std::string note();
  std::string identifier(Field field);  // a number that must not have lost its digits
  std::optional<Date> date(Field field);
  std::optional<Money> money(Field field);
  Phone phone(Field field);
  std::string email(Field field);
  std::string carrier(Field field);
  // The meaning of a status word; the mapping's default when the cell is empty or nobody understands it.
  std::optional<std::string> meaning(Field field);
  std::string fallback(Field field) const;  // the mapping's default

  void warn(Field field, Reason reason, std::string message, RowPlace first = {});
  void reject(Field field, Reason reason, std::string message, RowPlace first = {});
  void reject_row(Reason reason, std::string message);

  bool rejected() const { return rejection_.has_value(); }
  const Finding& rejection() const { return *rejection_; }

  struct Warning {
    Field field;
    Finding finding;
  };
  const std::vector<Warning>& warnings() const { return warnings_; }

 private:
  const Cell* find(Field field) const;
  std::string value_of(Field field) const;
  Finding finding(Field field, Reason reason, std::string message, RowPlace first) const;
  // The cell, if it holds something that can be read; warns or rejects when it holds something that cannot.
  const Cell* readable(Field field, std::size_t bytes);
  void check_required();

  TableReading& reading_;
  const Row& row_;
  bool continues_ = false;
  std::optional<Finding> rejection_;
  std::vector<Warning> warnings_;
};

}  // namespace holdfast::accounts::import_book
