#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/header.h"
#include "accounts/import/mapping.h"

namespace holdfast::accounts::import_book {

// The words of a heading with its abbreviations written out: "Acct #" is account number, "Ckt" circuit.
std::vector<std::string> heading_words(std::string_view heading);

// One way to read a row as headings.
struct HeadingReading {
  RowKind kind = RowKind::account;
  double score = 0;  // how much speaks for it
  std::map<Field, std::vector<std::string>> columns;
};

// The likeliest reading of a row as the headings of a table of this name; nothing when too little speaks for any.
std::optional<HeadingReading> read_headings(const HeadingRow& row, std::string_view table_name);

}  // namespace holdfast::accounts::import_book
