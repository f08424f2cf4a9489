#include "contracts/app/register_timers.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {

void register_timers(timers::Timers& timers) {
  timers.on(std::string(term_timer), [](events::UnitOfWork& work, Uuid contract, Instant now) {
    return advance_contract(work, ContractId{contract}, now);
  });
}

}  // namespace holdfast::contracts
