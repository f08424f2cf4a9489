#include "accounts/app/agencies.h"
#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

Result<Agency> get_agency(sql::Transaction& transaction, const GetAgency&) {
  auto agency = TRY((transaction.maybe<Agency>(statements::load_agency, transaction.agency())));
  if (!agency) return fail(Reason::agency_not_found, "there is no agency " + to_string(transaction.agency()));
  return *std::move(agency);
}

}  // namespace holdfast::accounts
