#pragma once

#include <optional>
#include <vector>

#include "runtime/calendar/service_calendar.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"
#include "tickets/domain/pause_reason.h"

// One promise about one ticket, measured in open hours: when it warns, when it is broken, when it was kept. Pure: no
// clock of its own. Verbs and advance() give the facts that fell due, however the time is cut into calls.
namespace holdfast::tickets {

// [from, to); without `to` it has not ended.
struct SlaPause {
  Instant from;
  std::optional<Instant> to;
  PauseReason reason;

  bool operator==(const SlaPause&) const = default;
};

struct SlaClock {
  static constexpr size_t pause_limit = 1'000;

  ServiceCalendar calendar;  // as it was when the clock started: a policy that changes later changes new clocks only
  std::chrono::minutes target;
  Instant start;
  std::vector<SlaPause> pauses = {};    // disjoint, in order
  bool warned = false;                  // the fact was given
  bool breached = false;                // the fact was given
  std::optional<Instant> stopped = {};  // met late or in time, or cancelled
  bool cancelled = false;
};

enum class SlaState { running, paused, warned, breached, met, cancelled };
// `paused` is said of a running or warned clock that stands still; a breached one is breached whatever it does.
SlaState state(const SlaClock& clock);

// Open time in [start, at) without the pauses that stop the clock; not capped at the target; stands at the stop.
Duration elapsed(const SlaClock& clock, Instant at);
// target - elapsed: negative once breached.
Duration remaining(const SlaClock& clock, Instant at);
// R62: the earliest instants at which 75 % and 100 % have elapsed, with all the pauses known; nothing while a pause
// stands before them, or when the calendar never opens (elapse_horizon).
std::optional<Instant> warns_at(const SlaClock& clock);
std::optional<Instant> breaches_at(const SlaClock& clock);

enum class SlaFactKind { warning, breached, met };

// (clock, kind) is the ledger's key: each is given once at most.
struct SlaFact {
  SlaFactKind kind;
  Instant effective;
  Duration remaining;

  bool operator==(const SlaFact&) const = default;
};

struct SlaAdvanced {
  std::vector<SlaFact> facts;  // in the order in which they fell due
  SlaClock clock;
  std::optional<Instant> next_due;
};

// Everything that falls due up to and including `until`.
SlaAdvanced advance(SlaClock clock, Instant until);
std::optional<Instant> next_due(const SlaClock& clock);

// The verbs. Each first advances to `at`, so that a breach that fell due before a pause stays one. They refuse what
// does not fit (ILLEGAL_TRANSITION): a second pause, a resume of what runs, anything after the stop. An `at` before the
// last change is taken for the last change.
Result<SlaAdvanced> pause(SlaClock clock, Instant at, PauseReason reason);
Result<SlaAdvanced> resume(SlaClock clock, Instant at);
// What was promised has happened. In time it gives the fact `met`; a breached clock only stops.
Result<SlaAdvanced> meet(SlaClock clock, Instant at);
// The promise no longer stands: the ticket was rejected or cancelled.
Result<SlaAdvanced> cancel(SlaClock clock, Instant at);

}  // namespace holdfast::tickets
