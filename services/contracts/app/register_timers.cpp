#include "contracts/app/register_timers.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {

void register_timers(timers::Timers& timers) { timers.on_parts(std::string(term_timer), advance_contracts); }

}  // namespace holdfast::contracts
