#include "accounts/import/rejects.h"

#include <initializer_list>

#include "accounts/import/book_fields.h"

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

std::optional<Reason> reason_in_files(std::string_view camel) {
  for (int at = 0; at <= static_cast<int>(Reason::internal); ++at) {
    const auto reason = static_cast<Reason>(at);
    if (info(reason).camel == camel) return reason;
  }
  return std::nullopt;
}

std::string rejects_header() {
  std::string out = "\xEF\xBB\xBF";
  add_line(out, {"file", "sheet", "row", "column", "value", "reason", "message", "remedy"});
  return out;
}

void add_rejected(std::string& out, const RejectedRow& rejected) {
  auto message = rejected.message;
  if (rejected.first_row != 0) message += " (row " + std::to_string(rejected.first_row) + ")";
  const auto& why = info(rejected.reason);
  add_line(out, {rejected.file, rejected.sheet, std::to_string(rejected.row), rejected.column, rejected.value,
                 why.camel, message, why.remedy});
}

std::string rejected_rows(const Book& book) {
  auto out = rejects_header();
  for (const auto& finding : book.findings) {
    if (!finding.rejects) continue;
    const auto& table = book.tables[finding.place.table];
    add_rejected(out, {table.file, table.name, finding.place.row, finding.column, finding.value, finding.reason,
                       finding.message, finding.first.row});
  }
  return out;
}

}  // namespace holdfast::accounts::import_book
