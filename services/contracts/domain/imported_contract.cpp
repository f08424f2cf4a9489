#include "contracts/domain/imported_contract.h"

namespace holdfast::contracts {

CreateContract creation_of(const ImportedContract& row) {
  return {.id = row.id,
          .number = row.number,
          .account_id = row.account_id,
          .location_id = row.location_id,
          .carrier_id = row.carrier_id,
          .carrier_name = row.carrier_name,
          .mrc = row.mrc,
          .plan = row.plan};
}

AmendContract amendment_of(const ImportedContract& row) {
  return {.id = row.id,
          .number = row.number,
          .carrier_id = row.carrier_id,
          .carrier_name = row.carrier_name,
          .mrc = row.mrc,
          .plan = row.plan,
          .reason = "imported again",
          .etag = ""};
}

}  // namespace holdfast::contracts
