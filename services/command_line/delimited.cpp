#include "command_line/delimited.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "runtime/core/limits.h"

namespace holdfast::command_line {
namespace {

constexpr size_t max_file_bytes = 16 << 20;

// The fields of the row that begins at `at`, which moves on to the next; nothing when a quote is left open.
std::optional<std::vector<std::string>> next_row(const std::string& text, size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char letter = text[at];
    if (quoted && letter == '"' && at + 1 < text.size() && text[at + 1] == '"') {
      fields.back() += text[++at];
    } else if (letter == '"') {
      quoted = !quoted;
    } else if (quoted || (letter != ',' && letter != '\n' && letter != '\r')) {
      fields.back() += letter;
    } else if (letter == ',') {
      fields.emplace_back();
    } else if (letter == '\n') {
      ++at;
      return fields;
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

}  // namespace

Result<std::vector<Record>> read_records(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && text.empty()) return fail(Reason::file_unknown, path + " cannot be read, or is empty");
  if (text.size() > max_file_bytes)
    return fail(Reason::file_too_large, path + " has more than " + bytes_text(max_file_bytes));
  size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  std::vector<std::string> headings;
  std::vector<Record> records;
  for (int row = 1; at < text.size(); ++row) {
    const auto fields = next_row(text, at);
    if (!fields) return fail(Reason::file_damaged, fmt::format("{}, row {}: a quote is not closed", path, row));
    if (headings.empty()) {
      headings = *fields;
      continue;
    }
    if (fields->size() != headings.size()) {
      return fail(Reason::file_damaged,
                  fmt::format("{}, row {}: {} columns, not {}", path, row, fields->size(), headings.size()));
    }
    auto& record = records.emplace_back();
    for (size_t column = 0; column < headings.size(); ++column) record[headings[column]] = (*fields)[column];
  }
  return records;
}

}  // namespace holdfast::command_line
