#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/mapping.h"
#include "accounts/import/table.h"

namespace holdfast::accounts::import_book {

// The heading row of a table and where its mapped columns stand.
struct Header {
  std::uint32_t row = 0;                                // the last heading row; data begins below
  std::map<Field, std::vector<std::uint32_t>> columns;  // in the order in which they are asked
  std::vector<std::string> headings;                    // by column, cleaned

  std::string heading(Field field) const;
  // A row that repeats the headings, as long prints do on every page.
  bool repeats(const Row& row) const;
};

// The texts that may name each column when `row` is the heading row: its own, or those above joined with it. A text in
// a row above reaches right until the next one, for bands of merged cells.
struct HeadingRow {
  std::uint32_t number = 0;
  std::vector<std::string> own;      // cleaned
  std::vector<std::string> stacked;  // the row above (not carried right) and this one
  std::vector<std::string> banded;   // the band above, carried right, and this one
};

// The first rows of a table, of which one is the heading row: at most `limit` of them.
Result<std::vector<HeadingRow>> heading_rows(const Table& table, std::uint32_t limit);

// Where the mapping's headings stand: in its header rows if they are there, else in the row that has the most of them.
// Fails when a heading is in none of the first rows.
Result<Header> find_header(const Table& table, const SheetMapping& sheet);

}  // namespace holdfast::accounts::import_book
