#pragma once

#include <chrono>

#include "runtime/sql/transaction.h"

namespace holdfast::sql {

// Of a transaction that holds many rows or took them in another order than commands do: long before PostgreSQL looks
// for a deadlock and ends one of the two.
inline constexpr std::chrono::milliseconds lock_patience{100};

// For this transaction: it waits so long for a lock, and then fails with WRITE_CONFLICT.
void give_way(Transaction& transaction);

}  // namespace holdfast::sql
