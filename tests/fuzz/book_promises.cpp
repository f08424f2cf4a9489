#include "tests/fuzz/book_promises.h"

#include <algorithm>

#include "accounts/import/book.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/propose.h"
#include "accounts/import/read_file.h"
#include "accounts/import/rejects.h"
#include "runtime/core/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace holdfast::fuzz {
namespace {

using namespace accounts::import_book;

// Small, so that a small input can reach them.
Limits limits() {
  Limits limits;
  limits.file_bytes = 1 << 20;
  limits.inflated_bytes = 4 << 20;
  limits.shared_string_bytes = 1 << 20;
  limits.rows = 2'000;
  limits.columns = 64;
  limits.cell_bytes = 2'000;
  limits.merged_ranges = 100;
  return limits;
}

void require_limits(const Table& table, const Limits& limits) {
  std::uint32_t last = 0;
  std::uint32_t rows = 0;
  // A failure is a refusal of the file; the rows before it were visited and count.
  (void)table.each_row([&](const Row& row) {
    require(row.number > last, "rows come in order");
    last = row.number;
    require(++rows <= limits.rows, "no more rows than the limit");
    require(row.cells.size() <= limits.columns, "no more columns than the limit");
    for (const auto& cell : row.cells) {
      require(cell.text.size() <= limits.cell_bytes, "no longer cell than the limit");
      require(is_utf8(cell.text), "a cell is UTF-8", cell.text);
    }
    return true;
  });
}

// The file of rejects is itself one that a spreadsheet can take: a line a row, and no formula.
void require_rejects(const Book& book, std::uint32_t rejected) {
  const auto text = rejected_rows(book);
  const MemoryFile file(text);
  const auto tables = read_file(file.path(), "rejects.csv");
  require(tables.has_value(), "the rejects are a delimited file", text);
  std::uint32_t lines = 0;
  const auto read = tables->front()->each_row([&](const Row& row) {
    ++lines;
    for (const auto& cell : row.cells) {
      require(cell.text.empty() || std::string_view("=+-@\t\r").find(cell.text[0]) == std::string_view::npos,
              "no cell of the rejects is a formula", cell.text);
    }
    return true;
  });
  require(read.has_value(), "the rejects can be read", text);
  require(lines == rejected + 1, "the rejects have a line a rejected row", text);
}

void require_sums(const Book& book) {
  std::uint32_t rows = 0;
  std::uint32_t rejected = 0;
  for (const auto& table : book.tables) {
    require(table.created + table.updated + table.unchanged + table.rejected == table.rows_read,
            "created + updated + unchanged + rejected = rows read", table.name);
    rows += table.rows_read;
    rejected += table.rejected;
  }
  require(book.verdicts.size() == rows, "a verdict a row");
  const auto said = std::ranges::count(book.verdicts, Verdict::rejected, &RowVerdict::verdict);
  require(static_cast<std::uint32_t>(said) == rejected, "as many verdicts of rejection as rows rejected");
  require_rejects(book, rejected);
}

}  // namespace

void read_book(const std::string& path, const std::string& name) {
  const auto tables = read_file(path, name, nullptr, limits());
  if (!tables) return;
  for (const auto& table : *tables) require_limits(*table, limits());
  const auto mapping = propose(*tables);
  if (!mapping) return;
  if (mapping->sheets.empty()) return;  // nothing was recognised: there is nothing to be asked about it
  const auto written = write_mapping(*mapping);
  const auto again = read_mapping(written);
  require(again.has_value(), "a mapping that was proposed can be read", written);
  require(write_mapping(*again) == written, "a mapping says the same when it was written and read", written);
  const auto book = interpret(*tables, *mapping);
  if (book) require_sums(*book);
}

}  // namespace holdfast::fuzz
