#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/domain/account.h"
#include "contracts/domain/ids.h"
#include "contracts/domain/term_clock.h"
#include "contracts/domain/written_plan.h"
#include "runtime/core/money.h"

// A contract as it is kept, shown and published: one struct for all three, so that whoever follows the events has what
// we have. Its clock's state is part of it; the rules of time themselves are in term_clock.h.
namespace holdfast::contracts {

enum class Lifecycle {
  in_process,         // its first day is not known yet: no term, no deadline
  approved,           // its first day is to come
  active,             // runs
  pending_terminate,  // runs, and its last day is settled
  terminated,         // ended on the day that was settled
  expired,            // ended by itself (auto_disconnect)
  superseded,         // another contract took its place
  rejected            // never began
};

// Where the running term stands, as far as an event has said so.
enum class TermPhase {
  initial_term,     // nothing to do yet
  decision_window,  // a reminder has come, and nothing is decided
  notice_closed,    // the deadline has passed undecided
  rolling,          // in a later term of a roll
  renewed_term,     // in a term that renewed itself
  ended
};

// That notice went to the carrier, and what proves it.
struct SentNotice {
  Instant sent_at;
  std::string method;     // as the contract asks for: "certified mail", "portal"
  std::string reference;  // tracking or confirmation number
  std::optional<Instant> acknowledged_at;
  std::string acknowledgement;  // the carrier's own number

  bool operator==(const SentNotice&) const = default;
};

struct Contract {
  ContractId id;
  std::string number;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::optional<CarrierId> carrier_id;
  std::string carrier_name;
  std::optional<Money> mrc;
  WrittenPlan plan;

  Lifecycle state{};
  std::optional<TermPhase> term_phase;
  std::optional<Term> current_term;           // the running one; the last one when it has ended
  std::optional<Instant> deadline_passes_at;  // the first instant at which notice is too late for the current term
  Decision decision{};
  std::optional<Date> last_day;
  std::string end_reason;  // why it was terminated, in the words of who did
  std::optional<SentNotice> sent_notice;

  bool early_lead = false;
  std::optional<std::int32_t> last_lead_days;
  bool deadline_missed = false;
  bool missed_in_stretch = false;
  std::optional<Date> snoozed_until;

  std::int32_t first_term_number = 0;  // of the plan's initial term; an amendment that begins anew goes on counting
  Instant created_at;
  std::int64_t version = 0;

  bool operator==(const Contract&) const = default;
};

struct CreateContract {
  std::optional<ContractId> id;
  std::string number;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::optional<CarrierId> carrier_id;
  std::string carrier_name;
  std::optional<Money> mrc;
  WrittenPlan plan;
};

// What this service knows of the account and location that a contract names.
struct Standing {
  AccountStatus account_status{};
  bool early_lead = false;  // R24: a key account, or one of many locations
  std::optional<AccountId> account_of_location;
  std::optional<std::string> zone_of_location;
  std::optional<std::string> only_zone;  // of all the account's locations, where they agree
};

// A contract that is new here, with its terms up to the running one.
struct Created {
  Contract contract;
  std::vector<Term> terms;
  std::optional<Instant> next_due;
};

inline constexpr size_t max_number_bytes = 500;
inline constexpr size_t max_name_bytes = 500;

// When a contract as it stands is due next.
std::optional<Instant> due_next(const Contract& contract);

// Its zone is the one given, or its location's, or the one that all the account's locations have. What fell due before
// `now` makes no facts.
Result<Created> create(const CreateContract& command, const Standing& standing, Instant now);

// One thing that fell due, and the contract as it was when it had.
struct Step {
  Fact fact;
  Contract contract;
  bool mail = false;  // worth a mail: the most urgent of those that came together
  bool to_manager = false;
  bool to_sponsor = false;
};

struct Progress {
  std::vector<Step> steps;
  Contract contract;  // behind the last of them
  std::optional<Instant> next_due;
};

// Everything that falls due up to and including `until`; each step is a version.
Progress advance(const Contract& contract, Instant until);
// What its clock's advance means for the contract.
Progress progress_of(Contract contract, const Advanced& advanced);

// The state of a contract's clock. Precondition: its first day is known.
ContractState clock_of(const Contract& contract);
// The contract with what its clock says now.
Contract with_clock(Contract contract, const ContractState& clock);
// Whether it has a term: it has begun, or is about to.
bool has_clock(const Contract& contract);
// A term as it stands in the history, where an amendment's terms go on counting.
Term in_history(const Contract& contract, Term term);
// The limits of what is not the plan's.
Result<> check_details(const Contract& contract);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::Lifecycle> = std::to_array<std::string_view>(
    {"inProcess", "approved", "active", "pendingTerminate", "terminated", "expired", "superseded", "rejected"});

template <>
inline constexpr auto enum_names<contracts::TermPhase> = std::to_array<std::string_view>(
    {"initialTerm", "decisionWindow", "noticeClosed", "rolling", "renewedTerm", "ended"});

template <>
struct Fields<contracts::SentNotice> {
  using T = contracts::SentNotice;
  static constexpr auto list =
      FieldList{Field{"sent_at", &T::sent_at}, Field{"method", &T::method}, Field{"reference", &T::reference},
                Field{"acknowledged_at", &T::acknowledged_at}, Field{"acknowledgement", &T::acknowledgement}};
};

template <>
struct Fields<contracts::Contract> {
  using T = contracts::Contract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"mrc", &T::mrc},
                                         Field{"plan", &T::plan},
                                         Field{"state", &T::state},
                                         Field{"term_phase", &T::term_phase},
                                         Field{"current_term", &T::current_term},
                                         Field{"deadline_passes_at", &T::deadline_passes_at},
                                         Field{"decision", &T::decision},
                                         Field{"last_day", &T::last_day},
                                         Field{"end_reason", &T::end_reason},
                                         Field{"sent_notice", &T::sent_notice},
                                         Field{"early_lead", &T::early_lead},
                                         Field{"last_lead_days", &T::last_lead_days},
                                         Field{"deadline_missed", &T::deadline_missed},
                                         Field{"missed_in_stretch", &T::missed_in_stretch},
                                         Field{"snoozed_until", &T::snoozed_until},
                                         Field{"first_term_number", &T::first_term_number},
                                         Field{"created_at", &T::created_at},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<contracts::CreateContract> {
  using T = contracts::CreateContract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"mrc", &T::mrc},
                                         Field{"plan", &T::plan}};
};

template <>
struct Fields<contracts::Standing> {
  using T = contracts::Standing;
  static constexpr auto list =
      FieldList{Field{"account_status", &T::account_status}, Field{"early_lead", &T::early_lead},
                Field{"account_of_location", &T::account_of_location}, Field{"zone_of_location", &T::zone_of_location},
                Field{"only_zone", &T::only_zone}};
};

}  // namespace holdfast
