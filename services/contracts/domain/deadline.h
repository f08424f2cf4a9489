#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/domain/contract.h"

// What is asked about deadlines: "what would the dates be?" and "what is due?".
namespace holdfast::contracts {

struct PreviewTerm {
  WrittenPlan plan;
  std::optional<Instant> as_of;  // now unless given
};

// Preview, as it is told.
struct TermPreview {
  Instant as_of;
  Date as_of_local;
  std::int32_t rolls = 0;
  Date current_term_start;
  std::optional<Date> current_term_end;
  bool ended = false;
  std::optional<Date> notice_deadline;
  std::optional<Instant> deadline_passes_at;
  std::optional<std::int32_t> days_left;
  std::optional<Date> actionable_end;
  std::optional<Date> actionable_deadline;
};
Result<TermPreview> preview(const PreviewTerm& query, Instant now);

struct ListDeadlines {
  std::optional<std::int32_t> within_days;
  std::int32_t page_size = 0;
  std::string page_token;
};
inline constexpr std::int32_t default_within_days = 90;
inline constexpr std::int32_t max_within_days = 3'660;

// A running contract about which nothing is decided.
struct Deadline {
  Contract contract;
  std::string account_name;
  bool passed = false;
  std::int32_t days_left = 0;  // negative when passed
  std::optional<Date> actionable_end;
  std::optional<Date> actionable_deadline;
};
struct Deadlines {
  std::vector<Deadline> deadlines;
  std::string next_page_token;
};
// Precondition: the contract's term has a deadline.
Deadline deadline_of(const Contract& contract, Instant now);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::PreviewTerm> {
  using T = contracts::PreviewTerm;
  static constexpr auto list = FieldList{Field{"plan", &T::plan}, Field{"as_of", &T::as_of}};
};

template <>
struct Fields<contracts::TermPreview> {
  using T = contracts::TermPreview;
  static constexpr auto list = FieldList{Field{"as_of", &T::as_of},
                                         Field{"as_of_local", &T::as_of_local},
                                         Field{"rolls", &T::rolls},
                                         Field{"current_term_start", &T::current_term_start},
                                         Field{"current_term_end", &T::current_term_end},
                                         Field{"ended", &T::ended},
                                         Field{"notice_deadline", &T::notice_deadline},
                                         Field{"deadline_passes_at", &T::deadline_passes_at},
                                         Field{"days_left", &T::days_left},
                                         Field{"actionable_end", &T::actionable_end},
                                         Field{"actionable_deadline", &T::actionable_deadline}};
};

template <>
struct Fields<contracts::ListDeadlines> {
  using T = contracts::ListDeadlines;
  static constexpr auto list = FieldList{Field{"within_days", &T::within_days}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<contracts::Deadline> {
  using T = contracts::Deadline;
  static constexpr auto list = FieldList{Field{"contract", &T::contract},
                                         Field{"account_name", &T::account_name},
                                         Field{"passed", &T::passed},
                                         Field{"days_left", &T::days_left},
                                         Field{"actionable_end", &T::actionable_end},
                                         Field{"actionable_deadline", &T::actionable_deadline}};
};

template <>
struct Fields<contracts::Deadlines> {
  using T = contracts::Deadlines;
  static constexpr auto list =
      FieldList{Field{"deadlines", &T::deadlines}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast
