#include "accounts/app/audit.h"
#include "accounts/app/products.h"
#include "accounts/app/verification_subject.h"
#include "accounts/store/sealed_row.h"
#include "accounts/store/verification.sql.h"

namespace holdfast::accounts {

Result<RevealedVerification> reveal_verification(events::UnitOfWork& work, const RevealVerification& command,
                                                 const secrets::KeyRing& keys) {
  const auto reason = TRY(read_reveal_reason(command));
  const auto subject = TRY(find_subject(work.transaction, command.carrier_account_id, command.product_id));
  const auto row =
      TRY((work.transaction.maybe<SealedRow>(statements::load_sealed, work.agency(), subject, command.kind)));
  if (!row) return fail(Reason::verification_not_found, "kind", "nothing of this kind is kept for it");
  const auto place = place_of(work.agency(), subject, command.kind);
  auto value = TRY(keys.open({row->key_id, row->sealed.data}, place));
  audit(work, {"verification.reveal", subject, std::string(to_string(command.kind)), reason});
  return RevealedVerification{std::move(value)};
}

}  // namespace holdfast::accounts
