#include "tickets/app/promises.h"

#include "runtime/timers/timers.h"
#include "tickets/store/promises.sql.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {
namespace {

// Where an account has no location, its clocks run by the zone in which most of the carriers' desks are.
constexpr auto zone_without_location = "America/New_York";

Result<Promises> load(events::UnitOfWork& work, TicketId id) {
  Promises promises;
  promises.clocks = TRY((work.transaction.many<Promise>(statements::load_clocks, id)));
  promises.pauses = TRY((work.transaction.many<Pause>(statements::load_pauses, id)));
  return promises;
}

void publish(events::UnitOfWork& work, const Ticket& ticket, const PromiseFact& fact) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(fact.remaining).count();
  switch (fact.kind) {
    case SlaFactKind::warning:
      return work.publish(SlaWarning{ticket, fact.name, seconds, fact.due_at}, fact.effective);
    case SlaFactKind::breached:
      return work.publish(SlaBreached{ticket, fact.name, seconds}, fact.effective);
    case SlaFactKind::met:
      return work.publish(SlaMet{ticket, fact.name, seconds}, fact.effective);
  }
}

void store(events::UnitOfWork& work, TicketId ticket, const PromisesAdvanced& advanced) {
  for (const auto& clock : advanced.promises.clocks) {
    work.transaction.defer(statements::store_clock, work.agency(), ticket, clock);
  }
  for (const auto& pause : advanced.promises.pauses) {
    work.transaction.defer(statements::store_pause, work.agency(), ticket, pause);
  }
}

// What fell due before the ticket changed is told of it as it was.
void publish(events::UnitOfWork& work, const PromisesAdvanced& advanced, const Ticket& before, const Ticket& after,
             Instant changed_at) {
  for (const auto& fact : advanced.facts) publish(work, fact.effective < changed_at ? before : after, fact);
}

}  // namespace

Result<> promise(events::UnitOfWork& work, const Ticket& ticket, Lane lane) {
  const auto zone =
      TRY((work.transaction.maybe<std::string>(statements::load_time_zone, ticket.account_id, ticket.location_id)));
  const auto promises = TRY(make_promises(ticket, lane, zone.value_or(zone_without_location)));
  const auto advanced = TRY(advance(promises, work.now));
  store(work, ticket.id, advanced);
  publish(work, advanced, ticket, ticket, work.now);
  timers::Timers::set(work, promises_timer, ticket.id.uuid, advanced.next_due);
  return {};
}

Result<> follow_promises(events::UnitOfWork& work, const Ticket& before, const Ticket& after, Instant at) {
  const auto advanced = TRY(follow(TRY(load(work, after.id)), before, after, at));
  store(work, after.id, advanced);
  publish(work, advanced, before, after, at);
  timers::Timers::set(work, promises_timer, after.id.uuid, advanced.next_due);
  return {};
}

Result<std::optional<Instant>> advance_promises(events::UnitOfWork& work, TicketId id, Instant now) {
  const auto ticket = TRY((work.transaction.maybe<Ticket>(statements::lock_ticket, id)));
  if (!ticket) return std::nullopt;
  const auto advanced = TRY(advance(TRY(load(work, id)), now));
  store(work, id, advanced);
  publish(work, advanced, *ticket, *ticket, now);
  return advanced.next_due;
}

}  // namespace holdfast::tickets
