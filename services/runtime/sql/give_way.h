#pragma once

#include "runtime/sql/transaction.h"

namespace holdfast::sql {

// For this transaction, which holds many rows or took them in another order than commands do: it waits 100 ms for a
// lock and then fails with WRITE_CONFLICT, long before PostgreSQL looks for a deadlock and ends one of the two.
void give_way(Transaction& transaction);

}  // namespace holdfast::sql
