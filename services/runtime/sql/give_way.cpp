#include "runtime/sql/give_way.h"

namespace holdfast::sql {
namespace {

constexpr Statement limit_lock_waits{"sql.limit_lock_waits", "SELECT set_config('lock_timeout', $1::text, true)"};

}  // namespace

void give_way(Transaction& transaction) {
  transaction.defer(limit_lock_waits, std::to_string(lock_patience.count()) + "ms");
}

}  // namespace holdfast::sql
