#pragma once

#include <string>

#include "accounts/import/limits.h"
#include "accounts/import/table.h"

namespace holdfast::accounts::import_book {

// The sheets of an .xlsx workbook, hidden ones included (Table::hidden). Reads the shared strings, the date formats and
// each sheet's merged cells now, the rows when they are asked for. Formulas are never evaluated: a cell is what the
// program that saved the file last showed. Hidden rows are rows like others.
Result<Tables> open_spreadsheet(const std::string& path, const std::string& file_name, const Limits& limits);

}  // namespace holdfast::accounts::import_book
