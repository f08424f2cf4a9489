#include "runtime/operations/agencies.h"

#include "runtime/operations/agencies.sql.h"

namespace holdfast::operations {

constexpr std::int64_t slice_agencies = 100;

Result<std::vector<AgencyId>> agencies_behind(sql::Database& database, const Call& call, AgencyId place) {
  return database.read(call, [&](sql::Transaction& transaction) {
    return transaction.many<AgencyId>(statements::slice, place, slice_agencies);
  });
}

}  // namespace holdfast::operations
