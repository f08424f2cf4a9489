#pragma once

#include <climits>
#include <optional>
#include <vector>

#include "contracts/domain/term_plan.h"

// The term clock: what falls due on a contract, and when (design: timers, reminders). Pure: a state and an instant in,
// the facts that fell due by then out. No fact is lost or doubled however the time is cut into calls, so catching up
// after ten days of outage writes the same ledger as no outage.
namespace holdfast::contracts {

// A term shorter than this has no reminders: its rolls are announced, and its first missed deadline.
constexpr std::chrono::days reminder_term_minimum{90};

enum class Phase {
  running,
  expired,
  terminated,
  approved  // its first day has not begun
};

// What the customer has settled about the running term. Only `undecided` is reminded and can miss a deadline.
enum class Decision {
  undecided,
  stay,                 // let it roll or renew, knowingly; asked again in the next term
  notice_sent,          // ends at the first term end that the notice was in time for
  notice_acknowledged,  // the same, and the carrier confirmed it
  terminate             // ends on a day that was agreed
};

struct ContractState {
  TermPlan plan;
  Term term;                // the running one; the last one when the contract has ended
  bool early_lead = false;  // R24: a key account, or one of many locations, is reminded 180 days before as well
  Phase phase = Phase::running;
  Decision decision = Decision::undecided;
  std::optional<Date> last_day = {};       // with the last three decisions: the contract's
  std::optional<Date> snoozed_until = {};  // reminders of this term wait for the morning of this day
  int last_lead = INT_MAX;         // the reminder that this term had last, in days: only smaller ones are still due
  bool deadline_missed = false;    // this term's deadline has passed undecided, and it was said
  bool missed_in_stretch = false;  // the same of any term in the unbroken stretch of short ones that this one is in

  bool operator==(const ContractState&) const = default;
};

enum class FactKind { contract_expiring, notice_deadline_missed, rolled, auto_renewed, expired, terminated, activated };

// R24: who is told besides the owner when a reminder finds the contract undecided.
enum class Escalation { none, manager, sponsor };

// Something that fell due. (contract, term_end, kind, lead_days) is the ledger's key.
struct Fact {
  FactKind kind;
  Instant effective;  // when it fell due, not when it was noticed
  // Of the term it is about; for `terminated` the contract's last day; for `activated` without an end, its first.
  Date term_end;
  int term_number = 0;
  int lead_days = 0;                    // of contract_expiring
  std::optional<Date> notice_deadline;  // of contract_expiring and notice_deadline_missed
  Escalation escalation = Escalation::none;
  std::optional<Term> next_term;  // of rolled and auto_renewed: the new row

  bool operator==(const Fact&) const = default;
};

// The one fact of a batch that is worth a mail: the last reminder or missed deadline, for each makes those before it
// old news. It escalates to whomever the reminders that it stands for, of the same term, would have gone.
struct Mail {
  size_t fact = 0;  // index into Advanced::facts
  bool to_manager = false;
  bool to_sponsor = false;

  bool operator==(const Mail&) const = default;
};

struct Advanced {
  std::vector<Fact> facts;           // in the order in which they fell due
  std::vector<ContractState> after;  // of each fact: the state behind it
  ContractState state;
  std::optional<Instant> next_due;
  std::optional<Mail> mail;
};

// Everything that falls due up to and including `until`. Its size is bounded by what is due: at most eleven facts a
// term and one for each snooze, two a month in a monthly roll. Nothing falls due after the year 2200.
Advanced advance(ContractState state, Instant until);
// When to call again. Recompute it when tzdata changes.
std::optional<Instant> next_due(const ContractState& state);

// The day until which somebody who lets the running term's deadline pass is bound: the first end that can still be
// stopped, or this term's where none follows. Precondition: the term has an end.
Date bound_until(const ContractState& state);

// A contract as it stands at `as_of`, when it is created or imported: the past makes no facts (R22 has happened
// already, to somebody else's knowledge). The same state that advancing from its first day would have reached.
struct Derived {
  static constexpr int history_limit = 120;  // ten years of monthly rolls
  ContractState state;
  // The terms up to the running one, without gaps; the older ones are left out beyond the limit, for term(plan, k)
  // gives any of them again.
  std::vector<Term> history;
};
Derived derive(TermPlan plan, Instant as_of, bool early_lead);

// The verbs. Each first advances to `at`, so that what fell due before the decision is said as it was; each refuses a
// contract that has ended (ILLEGAL_TRANSITION).
//
// Notice goes to the carrier at `at`. The contract ends with the first term whose deadline has not passed then; until
// that day earlier terms still roll. When none is left to stop (an auto_disconnect that ends anyway) it
// ends with the running term.
Result<Advanced> with_notice(ContractState state, Instant at);
Result<Advanced> with_acknowledgement(ContractState state, Instant at);
Result<Advanced> with_stay(ContractState state, Instant at);
// `last_day` may lie in the past, but not before the running term: history stands.
Result<Advanced> terminate(ContractState state, Instant at, Date last_day);
// "Remind me again on `until`": a day after today, up to the deadline. Reminders that fall due before wait for it; on
// its morning the contract is reminded in any case, once, and of the others' escalation too.
Result<Advanced> snooze(ContractState state, Instant at, Date until);
// The account became key or ceased to be. A reminder that would have been due before is not made up for.
Advanced set_early_lead(ContractState state, Instant at, bool early_lead);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::Decision> =
    std::to_array<std::string_view>({"undecided", "stay", "noticeSent", "noticeAcknowledged", "terminate"});

template <>
inline constexpr auto enum_names<contracts::FactKind> = std::to_array<std::string_view>(
    {"contractExpiring", "noticeDeadlineMissed", "contractRolled", "contractAutoRenewed", "contractExpired",
     "contractTerminated", "contractActivated"});

template <>
inline constexpr auto enum_names<contracts::Escalation> = std::to_array<std::string_view>({"none", "manager",
                                                                                           "sponsor"});

}  // namespace holdfast
