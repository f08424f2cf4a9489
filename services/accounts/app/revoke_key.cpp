#include "accounts/app/agencies.h"
#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

Result<> revoke_key(events::UnitOfWork& work, const RevokeKey& command) {
  const auto revoked = TRY(work.transaction.exec(statements::revoke_api_key, command.id, work.now));
  if (revoked == 0) return fail(Reason::key_not_found, "id", "the agency has no key of this id");
  return {};
}

}  // namespace holdfast::accounts
