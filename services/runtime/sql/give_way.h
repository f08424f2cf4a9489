#pragma once

#include <chrono>

#include "runtime/sql/transaction.h"

namespace holdfast::sql {

// For this transaction: it waits so long for a lock, and then fails with WRITE_CONFLICT. The 100 ms are for one that
// holds many rows or took them in another order than commands do: long before PostgreSQL looks for a deadlock and ends
// one of the two.
void give_way(Transaction& transaction, std::chrono::milliseconds patience = std::chrono::milliseconds(100));

}  // namespace holdfast::sql
