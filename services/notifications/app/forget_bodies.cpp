#include "notifications/app/forgetting.h"
#include "notifications/app/messages.h"
#include "notifications/store/messages.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

Instant next_midnight(Instant system_now) {
  return std::chrono::floor<std::chrono::days>(system_now) + std::chrono::days(1);
}

}  // namespace

void forget_bodies_later(events::UnitOfWork& work, Instant system_now) {
  timers::Timers::set_if_none(work, bodies_timer, work.agency().uuid, next_midnight(system_now));
}

// Ages are counted by the business clock, which dated them, as those of deliveries.
Result<std::optional<Instant>> forget_bodies(events::UnitOfWork& work, Instant system_now) {
  const auto forgotten =
      TRY(work.transaction.exec(statements::forget_mail_bodies, work.now - bodies_kept, forgotten_at_once));
  return std::optional(forgotten == forgotten_at_once ? system_now + forgetting_pause : next_midnight(system_now));
}

}  // namespace holdfast::notifications
