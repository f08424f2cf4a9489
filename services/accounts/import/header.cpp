#include "accounts/import/header.h"

#include <algorithm>
#include <optional>

#include "accounts/import/limits.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

std::string joined(const std::string& above, const std::string& own) {
  if (above.empty() || above == own) return own;
  return own.empty() ? above : above + " " + own;
}

std::string text_at(const std::vector<std::string>& texts, std::size_t column) {
  return column < texts.size() ? texts[column] : std::string();
}

std::optional<std::uint32_t> column_named(const HeadingRow& row, const std::string& heading) {
  const auto wanted = fold(heading);
  for (const auto* texts : {&row.own, &row.stacked, &row.banded}) {
    for (std::uint32_t column = 0; column < texts->size(); ++column) {
      if (!(*texts)[column].empty() && fold((*texts)[column]) == wanted) return column;
    }
  }
  return std::nullopt;
}

Header header_at(const HeadingRow& row, const SheetMapping& sheet, std::vector<std::string>& missing) {
  Header header;
  header.row = row.number;
  header.headings = row.own;
  for (const auto& [field, headings] : sheet.columns) {
    for (const auto& heading : headings) {
      if (const auto column = column_named(row, heading)) {
        header.columns[field].push_back(*column);
        header.headings[*column] = clean(heading);
      } else {
        missing.push_back(std::string(name_of(field)) + " (\"" + heading + "\")");
      }
    }
  }
  return header;
}

}  // namespace

std::string Header::heading(Field field) const {
  const auto found = columns.find(field);
  return found == columns.end() ? std::string() : headings[found->second.front()];
}

bool Header::repeats(const Row& row) const {
  int same = 0;
  int other = 0;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const auto text = fold(row.cells[column].text);
    if (text.empty()) continue;
    if (column < headings.size() && text == fold(headings[column]))
      ++same;
    else
      ++other;
  }
  return same >= 2 && same > other * 3;
}

Result<std::vector<HeadingRow>> heading_rows(const Table& table, std::uint32_t limit) {
  std::vector<HeadingRow> rows;
  std::vector<std::string> above;
  CHECK_OK(table.each_row([&](const Row& row) {
    HeadingRow heading;
    heading.number = row.number;
    std::string band;
    const bool adjacent = !rows.empty() && rows.back().number + 1 == row.number;
    const auto width = std::max(row.cells.size(), adjacent ? above.size() : 0);
    for (std::size_t column = 0; column < width; ++column) {
      heading.own.push_back(column < row.cells.size() ? clean(clipped(row.cells[column].text, 200)) : std::string());
      const auto over = adjacent ? text_at(above, column) : std::string();
      if (!over.empty()) band = over;
      heading.stacked.push_back(joined(over, heading.own.back()));
      heading.banded.push_back(heading.own.back().empty() ? std::string() : joined(band, heading.own.back()));
    }
    above = heading.own;
    rows.push_back(std::move(heading));
    return rows.size() < limit;
  }));
  return rows;
}

Result<Header> find_header(const Table& table, const SheetMapping& sheet) {
  const auto rows = TRY(heading_rows(table, Limits{}.header_search_rows));
  std::optional<Header> best;
  std::vector<std::string> best_missing;
  for (const auto& row : rows) {
    std::vector<std::string> missing;
    auto header = header_at(row, sheet, missing);
    const bool preferred = !sheet.header_rows.empty() && row.number == sheet.header_rows.back();
    const auto better = !best || header.columns.size() > best->columns.size() ||
                        (header.columns.size() == best->columns.size() && preferred);
    if (!better) continue;
    best = std::move(header);
    best_missing = std::move(missing);
  }
  if (best && best_missing.empty()) return *std::move(best);
  if (!best) best_missing = {"any heading"};
  return fail(Reason::mapping_invalid, "sheets." + sheet.name + ".columns",
              "table " + table.name() + " has no heading for " + join(best_missing, ", ") +
                  "; correct the mapping's columns or the file");
}

}  // namespace holdfast::accounts::import_book
