#include "runtime/sql/transaction.h"

namespace holdfast::sql {

Result<Rows> Transaction::run(const Statement& statement, const Parameters& parameters,
                              std::span<const Column> columns) {
  connection_.enqueue(statement, parameters, columns);
  return connection_.flush();
}

}  // namespace holdfast::sql
