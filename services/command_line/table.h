#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace holdfast::command_line {

// How bad a value is, which is how it is painted and where its row stands.
enum class Urgency { alarm, warning, none };

struct Cell {
  std::string text;
  Urgency urgency = Urgency::none;
};

// Aligned columns for people. Colours only where the caller knows that a terminal reads.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  size_t size() const { return rows_.size(); }
  void print(std::ostream& out, bool colors) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
};

// Names and values, one a line; an empty value is left out.
void print_pairs(std::ostream& out, const std::vector<std::pair<std::string, Cell>>& pairs, bool colors);

}  // namespace holdfast::command_line
