#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/contracts.sql.h"

namespace holdfast::contracts {

Result<> advance_contracts(std::span<timers::Firing> firings) {
  std::vector<AgencyId> agencies;
  std::vector<Uuid> ids;
  for (const auto& firing : firings) {
    agencies.push_back(firing.unit.agency());
    ids.push_back(firing.subject);
  }
  auto& transaction = firings.front().unit.transaction;
  const auto contracts = TRY((transaction.many<std::optional<Contract>>(statements::lock_due, agencies, ids)));
  for (size_t number = 0; number < firings.size(); ++number) {
    if (!contracts.at(number)) continue;
    auto& [id, due, now, work, next_due] = firings[number];
    const auto progress = advance(*contracts[number], now);
    record(work, progress);
    if (!progress.steps.empty()) {
      work.transaction.defer(statements::store_contract, work.agency(), progress.contract);
    }
    next_due = progress.next_due;
  }
  return {};
}

}  // namespace holdfast::contracts
