#pragma once

#include <optional>

#include "accounts/import/mapping.h"
#include "accounts/import/table.h"

namespace holdfast::accounts::import_book {

// A mapping for tables that nobody has described: for each, the row that reads most like headings of the trade, what
// its rows stand for, and which number leads in its dates. Tables in which no such row is found are left out, and
// hidden ones unless asked for. Reads every table once.
Result<Mapping> propose(const Tables& tables, bool hidden_sheets = false);

}  // namespace holdfast::accounts::import_book
