#include "command_line/table.h"

#include <algorithm>
#include <ostream>

namespace holdfast::command_line {
namespace {

constexpr size_t gap = 2;

// Characters, not bytes: the trade's texts are Latin, whose characters are one column wide.
size_t width(const std::string& text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

// A control character in somebody's data must not move the cursor or paint the terminal.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char byte) { return byte < 0x20 || byte == 0x7f; }, ' ');
  return text;
}

const char* paint_of(Urgency urgency) {
  switch (urgency) {
    case Urgency::alarm:
      return "\033[31m";
    case Urgency::warning:
      return "\033[33m";
    default:
      return "";
  }
}

void put(std::ostream& out, const Cell& cell, size_t padded_to, bool colors) {
  const auto text = printable(cell.text);
  const bool painted = colors && cell.urgency != Urgency::none;
  if (painted) out << paint_of(cell.urgency);
  out << text;
  if (painted) out << "\033[0m";
  for (auto filled = width(text); filled < padded_to; ++filled) out << ' ';
}

}  // namespace

void Table::print(std::ostream& out, bool colors) const {
  std::vector<size_t> widths;
  for (size_t column = 0; column < headings_.size(); ++column) {
    auto widest = width(headings_[column]);
    for (const auto& row : rows_) widest = std::max(widest, width(row[column].text));
    widths.push_back(widest);
  }
  const auto line = [&](const std::vector<Cell>& cells) {
    for (size_t column = 0; column < cells.size(); ++column) {
      const bool last = column + 1 == cells.size();
      put(out, cells[column], last ? 0 : widths[column] + gap, colors);
    }
    out << '\n';
  };
  std::vector<Cell> headings;
  for (const auto& heading : headings_) headings.push_back({heading});
  if (colors) out << "\033[1m";
  line(headings);
  if (colors) out << "\033[0m";
  for (const auto& row : rows_) line(row);
}

void print_pairs(std::ostream& out, const std::vector<std::pair<std::string, Cell>>& pairs, bool colors) {
  size_t widest = 0;
  for (const auto& [name, cell] : pairs) widest = cell.text.empty() ? widest : std::max(widest, width(name));
  for (const auto& [name, cell] : pairs) {
    if (cell.text.empty()) continue;
    put(out, {name}, widest + gap, colors);
    put(out, cell, 0, colors);
    out << '\n';
  }
}

}  // namespace holdfast::command_line
