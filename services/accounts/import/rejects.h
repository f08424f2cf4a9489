#pragma once

#include <string>
#include <string_view>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

// A cell of a delimited file that no spreadsheet takes for a formula: a text that begins with = + - @ or a control
// character gets an apostrophe in front. Quoted where the format asks for it (RFC 4180).
std::string delimited_cell(std::string_view text);

// The rejected rows as a delimited file (UTF-8 with a byte-order mark, as Excel wants it): file, sheet, row, column,
// value, reason, message and what to do. One line a row; the header alone when nothing was rejected.
std::string rejected_rows(const Book& book);

}  // namespace holdfast::accounts::import_book
