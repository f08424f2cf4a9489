#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/import/limits.h"
#include "accounts/import/table.h"

namespace holdfast::accounts::import_book {

enum class Encoding { utf_8, windows_1252 };

struct Dialect {
  Encoding encoding = Encoding::utf_8;
  char delimiter = ',';
};

// What the mapping says about a file; what it leaves open is recognised.
struct DialectHint {
  std::optional<Encoding> encoding;
  std::optional<char> delimiter;
};

// Reads the file once to tell its encoding (UTF-8 with or without a byte-order mark, else Windows-1252) and its
// delimiter (comma, semicolon, tab or bar). A file that is nearly UTF-8 but damaged is refused, not guessed at.
Result<Dialect> recognise_dialect(const std::string& path, const DialectHint& hint, const Limits& limits);

// A table of records: fields may be quoted and then hold delimiters, line breaks and doubled quotes (RFC 4180).
Result<Tables> open_delimited(const std::string& path, const std::string& file_name, const DialectHint& hint,
                              const Limits& limits);

}  // namespace holdfast::accounts::import_book
