#include "accounts/app/verification_subject.h"

#include "accounts/store/verification.sql.h"

namespace holdfast::accounts {

Result<Uuid> find_subject(sql::Transaction& transaction, const std::optional<CarrierAccountId>& carrier_account,
                          const std::optional<ProductId>& product) {
  const auto subject = TRY(subject_of(carrier_account, product));
  const auto& statement = product ? statements::product_exists : statements::carrier_account_exists;
  const auto exists = TRY((transaction.one<bool>(statement, subject)));
  if (exists) return subject;
  if (product) return fail(Reason::product_not_found, "product_id", "there is no product " + to_string(subject));
  return fail(Reason::carrier_account_not_found, "carrier_account_id",
              "there is no carrier account " + to_string(subject));
}

secrets::Place place_of(AgencyId agency, Uuid subject, VerificationKind kind) {
  return {agency, subject, to_string(kind)};
}

}  // namespace holdfast::accounts
