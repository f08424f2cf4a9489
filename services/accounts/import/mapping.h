#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/import/delimited.h"
#include "runtime/core/result.h"

namespace holdfast::accounts::import_book {

enum class Field {
#define FIELD(name, text) name,
#include "accounts/import/fields.def"
#undef FIELD
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::notes) + 1;

std::string_view name_of(Field field);
std::optional<Field> field_named(std::string_view name);

// What one row of a sheet stands for. A location row also brings its account, and a contact if it names one.
enum class RowKind {
  account,
  location,
  contact,
  carrier,
  carrier_contact,
  carrier_account,
  product,
  contract,
  port,
  disconnect,
  port_or_disconnect,
};

std::string_view name_of(RowKind kind);

// Which number leads in a date written in numbers only.
enum class DateOrder { month_first, day_first, year_first };

struct SheetMapping {
  std::string name;  // the sheet's name in a workbook, or the file's in a folder of delimited files
  std::string file;  // the delimited file that holds the same rows; may be empty
  DialectHint dialect;
  std::vector<std::uint32_t> header_rows;  // empty: the row that has the headings below
  DateOrder dates = DateOrder::month_first;
  RowKind row_is = RowKind::account;
  // Headings by field. Several for one field: the first that is not empty in a row counts.
  std::map<Field, std::vector<std::string>> columns;
  std::vector<Field> continues_when_empty;  // when all are empty, they are as in the row above
  std::vector<Field> required;
  std::map<Field, std::string> defaults;
  // The words that people write, by field and by what they mean.
  std::map<Field, std::vector<std::pair<std::string, std::vector<std::string>>>> values;
};

// What a user tells the importer about a book; proposed by propose(), printed, edited and given back.
struct Mapping {
  int last_year_of_2000s = 69;  // two-digit years to this one are 20xx, the others 19xx
  std::vector<std::string> unknown, open_ended, zero;
  std::vector<std::pair<std::string, std::vector<std::string>>> carriers;  // other names of a carrier
  std::vector<SheetMapping> sheets;

  // The sheet's own entry: by its name, or by the file's name.
  const SheetMapping* find(std::string_view table, std::string_view file) const;
};

// An error names the JSON path: sheets.Customers.columns.account.nme.
Result<Mapping> read_mapping(std::string_view json);
std::string write_mapping(const Mapping& mapping);

// What a user of the trade writes, beside the words that the mapping adds.
Mapping empty_mapping();

}  // namespace holdfast::accounts::import_book
