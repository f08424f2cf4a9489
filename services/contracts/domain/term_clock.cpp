#include "contracts/domain/term_clock.h"

#include <algorithm>
#include <utility>

namespace holdfast::contracts {
namespace {

using namespace std::chrono;

// R24, days before the notice deadline.
constexpr int leads[] = {180, 120, 90, 60, 30, 14, 7, 3, 1, 0};
constexpr int early_lead_days = 180;
constexpr int manager_lead_days = 14;
constexpr int sponsor_lead_days = 7;
// R24 names days, not hours. Nine in the morning, local time, is our choice: somebody is at work to read it, and the
// reminder of the deadline day itself leaves the day to act.
constexpr hours reminder_time{9};
constexpr year last_year{2200};

struct Due {
  Instant at;
  FactKind kind;
  int lead_days = 0;
};

int days_between(Date from, Date to) { return static_cast<int>((to - from).count()); }

bool is_short(const Term& term) { return term.end && *term.end - term.start + days{1} < reminder_term_minimum; }

std::optional<Due> next_reminder(const ContractState& state) {
  if (is_short(state.term)) return std::nullopt;
  const Date deadline = *state.term.notice_deadline;
  const Date not_before = state.snoozed_until.value_or(state.term.start);
  const int snoozed_lead = state.snoozed_until ? days_between(*state.snoozed_until, deadline) : -1;
  for (const int lead : leads) {
    const Date date = deadline - days{lead};
    if (lead >= state.last_lead || date < state.term.start || (lead == early_lead_days && !state.early_lead)) continue;
    // The snooze ends with a reminder of its own, behind those that waited for it.
    const int due = lead < snoozed_lead ? snoozed_lead : lead;
    const Date day = std::max(deadline - days{due}, not_before);
    return Due{first_instant_at(state.plan.zone, day + reminder_time), FactKind::contract_expiring, due};
  }
  return std::nullopt;
}

std::optional<Due> next_missed(const ContractState& state) {
  if (state.deadline_missed || (is_short(state.term) && state.missed_in_stretch)) return std::nullopt;
  // A notice period longer than the term puts the deadline before the term's first day: it is said when that begins.
  const Date too_late = std::max(state.term.start, *state.term.notice_deadline + days{1});
  return Due{first_instant(state.plan.zone, too_late), FactKind::notice_deadline_missed};
}

std::optional<Due> next_change(const ContractState& state) {
  const auto& end = state.term.end;
  if (state.last_day && (!end || *state.last_day <= *end)) {
    return Due{first_instant(state.plan.zone, *state.last_day + days{1}), FactKind::terminated};
  }
  if (!end) return std::nullopt;
  const Instant at = first_instant(state.plan.zone, *end + days{1});
  switch (state.plan.action) {
    case EndOfTermAction::roll:
      return Due{at, FactKind::rolled};
    case EndOfTermAction::auto_renew:
      return Due{at, FactKind::auto_renewed};
    case EndOfTermAction::auto_disconnect:
      return Due{at, FactKind::expired};
  }
  return std::nullopt;
}

bool has_ended(const ContractState& state) { return state.phase == Phase::expired || state.phase == Phase::terminated; }

// Within a term reminders come before the passing of the deadline, and that before the term's end, also at the same
// instant. What has been done is told by the state, never by comparing instants.
std::optional<Due> next(const ContractState& state) {
  if (has_ended(state)) return std::nullopt;
  std::optional<Due> due;
  if (state.phase == Phase::approved) due = Due{first_instant(state.plan.zone, state.plan.start), FactKind::activated};
  if (!due && state.decision == Decision::undecided && state.term.notice_deadline) {
    due = next_reminder(state);
    if (!due) due = next_missed(state);
  }
  if (!due) due = next_change(state);
  if (due && due->at >= Instant{sys_days{last_year / December / 31}}) return std::nullopt;
  return due;
}

Escalation escalation_of(const Due& due) {
  if (due.kind != FactKind::contract_expiring) return Escalation::none;
  if (due.lead_days == manager_lead_days) return Escalation::manager;
  return due.lead_days == sponsor_lead_days ? Escalation::sponsor : Escalation::none;
}

void begin_term(ContractState& state, Term term) {
  state.term = std::move(term);
  state.last_lead = INT_MAX;
  state.snoozed_until.reset();
  state.deadline_missed = false;
  if (state.decision == Decision::stay) state.decision = Decision::undecided;
  if (!is_short(state.term)) state.missed_in_stretch = false;
}

Fact apply(ContractState& state, const Due& due) {
  Fact fact{due.kind, due.at, {}, state.term.number, due.lead_days, std::nullopt, escalation_of(due), std::nullopt};
  fact.term_end = due.kind == FactKind::terminated ? *state.last_day : state.term.end.value_or(state.term.start);
  switch (due.kind) {
    case FactKind::contract_expiring:
      fact.notice_deadline = state.term.notice_deadline;
      state.last_lead = due.lead_days;
      if (state.snoozed_until && due.lead_days <= days_between(*state.snoozed_until, *state.term.notice_deadline)) {
        state.snoozed_until.reset();
      }
      break;
    case FactKind::notice_deadline_missed:
      fact.notice_deadline = state.term.notice_deadline;
      state.deadline_missed = true;
      state.missed_in_stretch = is_short(state.term);
      break;
    case FactKind::rolled:
    case FactKind::auto_renewed:
      fact.next_term = term(state.plan, state.term.number + 1);
      begin_term(state, *fact.next_term);
      break;
    case FactKind::expired:
      state.phase = Phase::expired;
      break;
    case FactKind::terminated:
      state.phase = Phase::terminated;
      break;
    case FactKind::activated:
      state.phase = Phase::running;
      break;
  }
  return fact;
}

// Moves `advanced.state` on and adds what fell due.
void take_due(Advanced& advanced, Instant until) {
  for (auto due = next(advanced.state); due && due->at <= until; due = next(advanced.state)) {
    advanced.facts.push_back(apply(advanced.state, *due));
    advanced.after.push_back(advanced.state);
  }
}

std::optional<Mail> most_urgent(const std::vector<Fact>& facts) {
  const auto is_reminder = [](const Fact& fact) {
    return fact.kind == FactKind::contract_expiring || fact.kind == FactKind::notice_deadline_missed;
  };
  const auto last = std::find_if(facts.rbegin(), facts.rend(), is_reminder);
  if (last == facts.rend()) return std::nullopt;
  Mail mail{static_cast<size_t>(facts.rend() - last) - 1, false, false};
  for (const auto& fact : facts) {
    if (fact.term_end != last->term_end) continue;
    mail.to_manager |= fact.escalation == Escalation::manager;
    mail.to_sponsor |= fact.escalation == Escalation::sponsor;
  }
  return mail;
}

Advanced finish(Advanced advanced) {
  advanced.next_due = next_due(advanced.state);
  advanced.mail = most_urgent(advanced.facts);
  return advanced;
}

// What fell due before the change, the change, and what the change makes due at once.
template <class Change>
Result<Advanced> change_at(ContractState state, Instant at, Change change) {
  Advanced advanced{.state = std::move(state)};
  take_due(advanced, at);
  if (has_ended(advanced.state)) return fail(Reason::illegal_transition, "the contract has ended");
  CHECK_OK(change(advanced.state));
  take_due(advanced, at);
  return finish(std::move(advanced));
}

bool is_leaving(const ContractState& state) { return state.last_day.has_value(); }

}  // namespace

Advanced advance(ContractState state, Instant until) {
  Advanced advanced{.state = std::move(state)};
  take_due(advanced, until);
  return finish(std::move(advanced));
}

std::optional<Instant> next_due(const ContractState& state) {
  const auto due = next(state);
  return due ? std::optional(due->at) : std::nullopt;
}

Date bound_until(const ContractState& state) {
  const Date too_late = std::max(state.term.start, *state.term.notice_deadline + days{1});
  const auto stoppable = actionable_term(state.plan, state.term, too_late);
  return stoppable ? *stoppable->end : *state.term.end;
}

Derived derive(TermPlan plan, Instant as_of, bool early_lead) {
  const Term running = running_term(plan, as_of);
  std::vector<Term> history;
  for (int number = std::max(0, running.number + 1 - Derived::history_limit); number <= running.number; ++number) {
    history.push_back(term(plan, number));
  }
  ContractState state{.plan = std::move(plan), .term = running, .early_lead = early_lead, .phase = Phase::approved};
  // Each short term before this one missed its deadline, or was in a stretch that had.
  state.missed_in_stretch = is_short(running) && running.number > 0 && is_short(term(state.plan, running.number - 1));
  return {advance(std::move(state), as_of).state, std::move(history)};
}

Result<Advanced> with_notice(ContractState state, Instant at) {
  return change_at(std::move(state), at, [&](ContractState& now) -> Result<> {
    if (is_leaving(now)) return fail(Reason::illegal_transition, "the contract's end is decided already");
    const Date given = begun_date(now.plan.zone, at);
    const auto stopped = actionable_term(now.plan, now.term, given);
    now.last_day = now.plan.open_ended() ? earliest_end(now.plan.notice, given) : stopped ? stopped->end : now.term.end;
    now.decision = Decision::notice_sent;
    return {};
  });
}

Result<Advanced> with_acknowledgement(ContractState state, Instant at) {
  return change_at(std::move(state), at, [](ContractState& now) -> Result<> {
    if (now.decision != Decision::notice_sent) {
      return fail(Reason::illegal_transition, "no notice waits for an acknowledgement");
    }
    now.decision = Decision::notice_acknowledged;
    return {};
  });
}

Result<Advanced> with_stay(ContractState state, Instant at) {
  return change_at(std::move(state), at, [](ContractState& now) -> Result<> {
    if (is_leaving(now)) return fail(Reason::illegal_transition, "the contract's end is decided already");
    now.decision = Decision::stay;
    return {};
  });
}

Result<Advanced> terminate(ContractState state, Instant at, Date last_day) {
  return change_at(std::move(state), at, [&](ContractState& now) -> Result<> {
    if (last_day < now.term.start) {
      return fail(Reason::end_before_start, "last_day", "the last day lies before the running term");
    }
    now.last_day = last_day;
    now.decision = Decision::terminate;
    return {};
  });
}

Result<Advanced> snooze(ContractState state, Instant at, Date until) {
  return change_at(std::move(state), at, [&](ContractState& now) -> Result<> {
    const bool is_reminded = now.phase == Phase::running && now.decision == Decision::undecided &&
                             now.term.notice_deadline && !is_short(now.term);
    const Date today = begun_date(now.plan.zone, at);
    if (!is_reminded || *now.term.notice_deadline <= today) {
      return fail(Reason::illegal_transition, "no reminder is to come before the notice deadline");
    }
    if (until <= today || until > *now.term.notice_deadline) {
      return fail(Reason::field_out_of_range, "until",
                  "a day after today, at the latest the notice deadline " + format_date(*now.term.notice_deadline));
    }
    now.snoozed_until = until;
    return {};
  });
}

Advanced set_early_lead(ContractState state, Instant at, bool early_lead) {
  auto advanced = advance(std::move(state), at);
  advanced.state.early_lead = early_lead;
  // What would have been due before is dropped.
  advanced.state = advance(std::move(advanced.state), at).state;
  return finish(std::move(advanced));
}

}  // namespace holdfast::contracts
