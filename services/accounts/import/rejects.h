#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

// A cell of a delimited file that no spreadsheet takes for a formula: a text that begins with = + - @ or a control
// character gets an apostrophe in front. Quoted where the format asks for it (RFC 4180).
std::string delimited_cell(std::string_view text);

// The reason that files have under this name.
std::optional<Reason> reason_in_files(std::string_view camel);

// Why one row was rejected, with all that its line says.
struct RejectedRow {
  std::string file, sheet;
  std::uint32_t row = 0;
  std::string column, value;
  Reason reason = Reason::internal;
  std::string message;
  std::uint32_t first_row = 0;  // of the row that it contradicts; 0: none
};

// The file's first line, and one for each rejected row.
std::string rejects_header();
void add_rejected(std::string& out, const RejectedRow& rejected);

// The rejected rows as a delimited file (UTF-8 with a byte-order mark, as Excel wants it): file, sheet, row, column,
// value, reason, message and what to do. One line a row; the header alone when nothing was rejected.
std::string rejected_rows(const Book& book);

}  // namespace holdfast::accounts::import_book
