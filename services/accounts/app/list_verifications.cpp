#include "accounts/app/products.h"
#include "accounts/app/verification_subject.h"
#include "accounts/store/verification.sql.h"

namespace holdfast::accounts {

Result<VerificationList> list_verifications(sql::Transaction& transaction, const ListVerifications& query) {
  const auto subject = TRY(find_subject(transaction, query.carrier_account_id, query.product_id));
  auto rows = TRY((transaction.many<Verification>(statements::verifications_of, transaction.agency(), subject)));
  VerificationList list;
  for (auto& row : rows) list.verifications.push_back(masked(std::move(row)));
  return list;
}

}  // namespace holdfast::accounts
