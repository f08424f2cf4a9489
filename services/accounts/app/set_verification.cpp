#include "accounts/app/audit.h"
#include "accounts/app/products.h"
#include "accounts/app/verification_subject.h"
#include "accounts/store/verification.sql.h"

namespace holdfast::accounts {

Result<ShownVerification> set_verification(events::UnitOfWork& work, const SetVerification& command,
                                           const secrets::KeyRing& keys) {
  const auto subject = TRY(find_subject(work.transaction, command.carrier_account_id, command.product_id));
  const auto value = TRY(read_value(command));
  const auto sealed = keys.seal(value, place_of(work.agency(), subject, command.kind));
  const Verification verification{command.carrier_account_id, command.product_id, command.kind, work.now,
                                  work.call().who.id};
  work.transaction.defer(statements::store_verification, work.agency(), verification, sealed.key_id,
                         sql::Bytes{sealed.bytes});
  audit(work, {"verification.set", subject, std::string(to_string(command.kind)), {}});
  return masked(verification);
}

}  // namespace holdfast::accounts
