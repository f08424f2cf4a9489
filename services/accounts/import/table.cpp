#include "accounts/import/table.h"

#include <algorithm>

namespace holdfast::accounts::import_book {

bool Row::blank() const {
  return std::ranges::all_of(cells, [](const Cell& cell) {
    return cell.merged || cell.kind == Cell::Kind::empty ||
           (cell.kind == Cell::Kind::text && cell.text.find_first_not_of(" \t\r\n") == std::string::npos);
  });
}

}  // namespace holdfast::accounts::import_book
