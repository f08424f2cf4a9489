#include "accounts/import/rejects.h"

#include <initializer_list>

namespace holdfast::accounts::import_book {
namespace {

void add_line(std::string& out, std::initializer_list<std::string_view> cells) {
  bool first = true;
  for (const auto cell : cells) {
    if (!first) out += ',';
    out += delimited_cell(cell);
    first = false;
  }
  out += "\r\n";
}

}  // namespace

std::string delimited_cell(std::string_view text) {
  std::string safe;
  const bool formula = !text.empty() && (std::string_view("=+-@").find(text[0]) != std::string_view::npos ||
                                         static_cast<unsigned char>(text[0]) < 0x20);
  if (formula) safe += '\'';
  safe += text;
  if (safe.find_first_of(",;\"\r\n\t") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string rejected_rows(const Book& book) {
  std::string out = "\xEF\xBB\xBF";
  add_line(out, {"file", "sheet", "row", "column", "value", "reason", "message", "remedy"});
  for (const auto& finding : book.findings) {
    if (!finding.rejects) continue;
    const auto& table = book.tables[finding.place.table];
    auto message = finding.message;
    if (finding.first.row != 0) message += " (row " + std::to_string(finding.first.row) + ")";
    add_line(out, {table.file, table.name, std::to_string(finding.place.row), finding.column, finding.value,
                   info(finding.reason).camel, message, info(finding.reason).remedy});
  }
  return out;
}

}  // namespace holdfast::accounts::import_book
