#pragma once

#include <functional>

#include "accounts/import/table.h"

namespace holdfast::accounts {

// The tables, asked for row by row as before, and now and then whether to go on: when not, reading is given up
// (CANCELLED). They must outlive what is given.
import_book::Tables watched(const import_book::Tables& tables, const std::function<bool()>& goes_on);

}  // namespace holdfast::accounts
