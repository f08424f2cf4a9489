#include "tickets/domain/sla_clock.h"

#include <algorithm>
#include <utility>

#include "runtime/core/limits.h"

namespace holdfast::tickets {
namespace {

// R62: a warning at three quarters.
Duration warning_target(const SlaClock& clock) { return Duration{clock.target} * 3 / 4; }

std::vector<ClockStop> stops(const SlaClock& clock) {
  std::vector<ClockStop> stops;
  for (const auto& pause : clock.pauses) {
    if (stops_clock(pause.reason)) stops.push_back({pause.from, pause.to});
  }
  return stops;
}

bool has_open_pause(const SlaClock& clock) { return !clock.pauses.empty() && !clock.pauses.back().to; }

Instant last_change(const SlaClock& clock) {
  if (clock.pauses.empty()) return clock.start;
  const auto& last = clock.pauses.back();
  return std::max(clock.start, last.to.value_or(last.from));
}

// What fell due before a change, then the change. A replica's clock may be a moment behind the one by which the last
// change was made: what is done by it happens at that change, not before.
template <class Change>
Result<SlaAdvanced> change_at(SlaClock clock, Instant at, Change change) {
  if (clock.stopped) return fail(Reason::illegal_transition, "the clock has stopped");
  const Instant when = std::max(at, last_change(clock));
  auto advanced = advance(std::move(clock), when);
  CHECK_OK(change(advanced, when));
  advanced.next_due = next_due(advanced.clock);
  return advanced;
}

}  // namespace

bool stops_clock(PauseReason reason) { return reason != PauseReason::waiting_carrier; }

SlaState state(const SlaClock& clock) {
  if (clock.cancelled) return SlaState::cancelled;
  if (clock.breached) return SlaState::breached;
  if (clock.stopped) return SlaState::met;
  if (has_open_pause(clock) && stops_clock(clock.pauses.back().reason)) return SlaState::paused;
  return clock.warned ? SlaState::warned : SlaState::running;
}

Duration elapsed(const SlaClock& clock, Instant at) {
  return holdfast::elapsed(clock.calendar, clock.start, std::min(at, clock.stopped.value_or(at)), stops(clock));
}

Duration remaining(const SlaClock& clock, Instant at) { return clock.target - elapsed(clock, at); }

std::optional<Instant> warns_at(const SlaClock& clock) {
  return when_elapsed(clock.calendar, clock.start, warning_target(clock), stops(clock));
}

std::optional<Instant> breaches_at(const SlaClock& clock) {
  return when_elapsed(clock.calendar, clock.start, clock.target, stops(clock));
}

std::optional<Instant> next_due(const SlaClock& clock) {
  if (clock.stopped || clock.breached) return std::nullopt;
  return clock.warned ? breaches_at(clock) : warns_at(clock);
}

SlaAdvanced advance(SlaClock clock, Instant until) {
  std::vector<SlaFact> facts;
  auto due = next_due(clock);
  for (; due && *due <= until; due = next_due(clock)) {
    if (!clock.warned) {
      clock.warned = true;
      facts.push_back({SlaFactKind::warning, *due, clock.target - warning_target(clock)});
    } else {
      clock.breached = true;
      facts.push_back({SlaFactKind::breached, *due, Duration{0}});
    }
  }
  return {std::move(facts), std::move(clock), due};
}

Result<SlaAdvanced> pause(SlaClock clock, Instant at, PauseReason reason) {
  return change_at(std::move(clock), at, [&](SlaAdvanced& now, Instant when) -> Result<> {
    if (has_open_pause(now.clock)) return fail(Reason::illegal_transition, "the clock is paused already");
    if (now.clock.pauses.size() >= SlaClock::pause_limit) {
      return too_many("pauses", SlaClock::pause_limit, "pauses");
    }
    now.clock.pauses.push_back({when, std::nullopt, reason});
    return {};
  });
}

Result<SlaAdvanced> resume(SlaClock clock, Instant at) {
  return change_at(std::move(clock), at, [&](SlaAdvanced& now, Instant when) -> Result<> {
    if (!has_open_pause(now.clock)) return fail(Reason::illegal_transition, "the clock is not paused");
    now.clock.pauses.back().to = when;
    return {};
  });
}

Result<SlaAdvanced> meet(SlaClock clock, Instant at) {
  return change_at(std::move(clock), at, [&](SlaAdvanced& now, Instant when) -> Result<> {
    now.clock.stopped = when;
    if (!now.clock.breached) now.facts.push_back({SlaFactKind::met, when, remaining(now.clock, when)});
    return {};
  });
}

Result<SlaAdvanced> cancel(SlaClock clock, Instant at) {
  return change_at(std::move(clock), at, [&](SlaAdvanced& now, Instant when) -> Result<> {
    now.clock.stopped = when;
    now.clock.cancelled = true;
    return {};
  });
}

}  // namespace holdfast::tickets
