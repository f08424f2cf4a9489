#include "tickets/domain/promises.h"

#include <algorithm>

#include "runtime/calendar/business_days.h"

namespace holdfast::tickets {
namespace {

using std::chrono::hours;
using std::chrono::weekday;

// Monday to Friday, 9 to 17, without federal holidays: the default of a place that says nothing else.
Result<ServiceCalendar> service_hours(const ZoneName& zone) {
  std::vector<OpenWindow> windows;
  for (unsigned day = 1; day <= 5; ++day) windows.push_back({weekday{day}, hours{9}, hours{17}});
  std::vector<Date> holidays;
  for (const auto& holiday : us_federal_holidays()) holidays.push_back(holiday.date);
  return ServiceCalendar::make(zone, std::move(windows), std::move(holidays));
}

Result<SlaClock> clock_of(const Promise& promise, const std::vector<Pause>& pauses) {
  const auto zone = TRY(parse_zone(promise.time_zone));
  SlaClock clock{.calendar = promise.hours == SlaHours::around_the_clock ? ServiceCalendar::around_the_clock(zone)
                                                                         : TRY(service_hours(zone)),
                 .target = std::chrono::minutes{promise.target_minutes},
                 .start = promise.started_at,
                 .warned = promise.warned,
                 .breached = promise.breached,
                 .stopped = promise.stopped_at,
                 .cancelled = promise.cancelled};
  for (const auto& pause : pauses) {
    if (pause.started_at >= promise.started_at)
      clock.pauses.push_back({pause.started_at, pause.ended_at, pause.reason});
  }
  return clock;
}

bool is_paused(const Ticket& ticket) { return ticket.pause_reason.has_value(); }

// What the change of the ticket asks of one running clock.
Result<SlaAdvanced> drive(const Promise& promise, SlaClock clock, const Ticket& before, const Ticket& after,
                          Instant now) {
  if (clock.stopped || before.status == after.status) return advance(std::move(clock), now);
  if (after.status == TicketStatus::cancelled || after.status == TicketStatus::rejected) {
    return cancel(std::move(clock), now);
  }
  if (is_paused(after) && !is_paused(before)) return pause(std::move(clock), now, *after.pause_reason);
  if (is_paused(before) && !is_paused(after)) return resume(std::move(clock), now);
  const bool kept = promise.name == PromiseName::acknowledge ? before.status == TicketStatus::acknowledged
                                                             : after.status == TicketStatus::resolved;
  return kept ? meet(std::move(clock), now) : advance(std::move(clock), now);
}

void take(PromisesAdvanced& into, Promise promise, const SlaAdvanced& advanced) {
  promise.warned = advanced.clock.warned;
  promise.breached = advanced.clock.breached;
  promise.stopped_at = advanced.clock.stopped;
  promise.cancelled = advanced.clock.cancelled;
  const auto due_at = breaches_at(advanced.clock);
  for (const auto& fact : advanced.facts) {
    into.facts.push_back({promise.name, fact.kind, fact.effective, fact.remaining, due_at});
  }
  into.promises.clocks.push_back(std::move(promise));
  if (advanced.next_due && (!into.next_due || *advanced.next_due < *into.next_due)) into.next_due = advanced.next_due;
}

void follow_pauses(std::vector<Pause>& pauses, const Ticket& before, const Ticket& after, Instant now) {
  if (is_paused(before) && !is_paused(after) && !pauses.empty()) pauses.back().ended_at = now;
  if (is_paused(after) && !is_paused(before)) pauses.push_back({now, std::nullopt, *after.pause_reason});
}

// No change comes before the last one, though a replica's clock may be a moment behind: its promises and its pauses
// take the same instant.
Instant not_before_last_change(const Promises& promises, Instant now) {
  for (const auto& clock : promises.clocks) now = std::max({now, clock.started_at, clock.stopped_at.value_or(now)});
  if (promises.pauses.empty()) return now;
  const auto& last = promises.pauses.back();
  return std::max(now, last.ended_at.value_or(last.started_at));
}

// A reopened ticket has to be restored once more, as fast as before.
Result<> promise_again(PromisesAdvanced& into, const Ticket& before, const Ticket& after, Instant now) {
  if (before.status != TicketStatus::resolved || after.status != TicketStatus::in_progress) return {};
  const auto last = std::ranges::find(into.promises.clocks.rbegin(), into.promises.clocks.rend(), PromiseName::restore,
                                      &Promise::name);
  if (last == into.promises.clocks.rend()) return {};
  Promise again{.name = last->name,
                .number = last->number + 1,
                .hours = last->hours,
                .time_zone = last->time_zone,
                .target_minutes = last->target_minutes,
                .started_at = now};
  auto clock = TRY(clock_of(again, into.promises.pauses));
  take(into, again, advance(std::move(clock), now));
  return {};
}

std::int64_t whole_seconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

}  // namespace

Result<Promises> make_promises(const Ticket& ticket, Lane lane, const std::string& time_zone) {
  const auto policy = desk_policy(ticket.priority, lane);
  const auto zone = TRY(parse_zone(time_zone));
  Promises promises;
  for (const auto& [name, target] :
       {std::pair{PromiseName::acknowledge, policy.acknowledge}, std::pair{PromiseName::restore, policy.restore}}) {
    promises.clocks.push_back({.name = name,
                               .hours = target.hours,
                               .time_zone = zone.text(),
                               .target_minutes = target.length.count(),
                               .started_at = ticket.opened_at});
  }
  return promises;
}

Result<PromisesAdvanced> advance(const Promises& promises, Instant until) {
  PromisesAdvanced advanced;
  advanced.promises.pauses = promises.pauses;
  for (const auto& promise : promises.clocks) {
    auto clock = TRY(clock_of(promise, promises.pauses));
    take(advanced, promise, advance(std::move(clock), until));
  }
  std::ranges::stable_sort(advanced.facts, {}, &PromiseFact::effective);
  return advanced;
}

Result<PromisesAdvanced> follow(const Promises& promises, const Ticket& before, const Ticket& after, Instant now) {
  PromisesAdvanced advanced;
  advanced.promises.pauses = promises.pauses;
  const Instant at = not_before_last_change(promises, now);
  follow_pauses(advanced.promises.pauses, before, after, at);
  for (const auto& promise : promises.clocks) {
    auto clock = TRY(clock_of(promise, promises.pauses));
    const auto driven = TRY(drive(promise, std::move(clock), before, after, at));
    take(advanced, promise, driven);
  }
  CHECK_OK(promise_again(advanced, before, after, at));
  std::ranges::stable_sort(advanced.facts, {}, &PromiseFact::effective);
  return advanced;
}

Result<std::vector<PromiseStanding>> standings(const Promises& promises, Instant now) {
  std::vector<PromiseStanding> standings;
  for (const auto& promise : promises.clocks) {
    const auto stored = TRY(clock_of(promise, promises.pauses));
    const auto clock = advance(stored, now).clock;
    standings.push_back({.name = promise.name,
                         .number = promise.number,
                         .state = state(clock),
                         .hours = promise.hours,
                         .time_zone = promise.time_zone,
                         .target_minutes = promise.target_minutes,
                         .started_at = promise.started_at,
                         .warns_at = warns_at(clock),
                         .due_at = breaches_at(clock),
                         .elapsed_seconds = whole_seconds(elapsed(clock, now)),
                         .remaining_seconds = whole_seconds(remaining(clock, now)),
                         .stopped_at = promise.stopped_at});
  }
  return standings;
}

}  // namespace holdfast::tickets
