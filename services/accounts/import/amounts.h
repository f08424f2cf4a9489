#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "accounts/import/mapping.h"
#include "accounts/import/table.h"

namespace holdfast::accounts::import_book {

// Cents of "1234.5", "$1,234.50/mo", "(12.00)" or a number cell; nothing when it is no amount.
std::optional<std::int64_t> read_cents(const Cell& cell);

// A long number that a spreadsheet has turned into 4.42346E+08: its digits are lost.
bool is_lossy_number(const Cell& cell);

}  // namespace holdfast::accounts::import_book
