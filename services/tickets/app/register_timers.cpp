#include "tickets/app/register_timers.h"

#include "tickets/app/auto_close.h"
#include "tickets/app/promises.h"

namespace holdfast::tickets {

void register_timers(timers::Timers& timers) {
  timers.on(std::string(promises_timer), [](events::UnitOfWork& work, Uuid ticket, Instant now) {
    return advance_promises(work, TicketId{ticket}, now);
  });
  timers.on(std::string(auto_close_timer), [](events::UnitOfWork& work, Uuid ticket, Instant now) {
    return close_unopposed(work, TicketId{ticket}, now);
  });
}

}  // namespace holdfast::tickets
