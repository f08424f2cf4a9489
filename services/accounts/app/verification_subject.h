#pragma once

#include "accounts/domain/verification.h"
#include "runtime/secrets/key_ring.h"
#include "runtime/sql/transaction.h"

namespace holdfast::accounts {

// Whose verification data a request means. CARRIER_ACCOUNT_NOT_FOUND, PRODUCT_NOT_FOUND; FIELD_REQUIRED for neither.
Result<Uuid> find_subject(sql::Transaction& transaction, const std::optional<CarrierAccountId>& carrier_account,
                          const std::optional<ProductId>& product);

// Where a secret lies: it opens for this agency, carrier account or product, and kind only.
secrets::Place place_of(AgencyId agency, Uuid subject, VerificationKind kind);

}  // namespace holdfast::accounts
