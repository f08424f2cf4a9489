#pragma once

#include <optional>
#include <string>

#include "contracts/domain/term_plan.h"

namespace holdfast::contracts {

// R26: the event that starts the term; carriers differ, by two months for one and the same circuit.
enum class TermClock { signature, install, turn_up, first_bill };

// What the paper says about time, as people write it down. A TermPlan is made of it once the first day is known.
struct WrittenPlan {
  std::optional<Date> signed_date;
  std::optional<TermClock> term_clock;  // nothing: the paper does not say
  std::optional<Date> term_start;       // the day of that event; nothing: it has not happened, or nobody knows
  std::optional<std::int32_t> term_months;
  std::optional<Date> term_end;  // where the paper names it: believed over start + months
  bool open_ended = false;       // instead of either: it runs until somebody ends it
  EndOfTermAction end_of_term_action{};
  std::optional<std::int32_t> roll_interval_months;  // 1 unless said
  std::optional<std::int32_t> renewal_term_months;   // 12 unless said
  std::int32_t notice_value = 0;
  NoticeUnit notice_unit{};
  std::string time_zone;  // IANA

  bool operator==(const WrittenPlan&) const = default;
};

// With the start that follows from a signature, and the lengths that were left out.
WrittenPlan completed(WrittenPlan plan);

// The plan by which the clock runs. Refuses what is missing, contradicts itself or is out of range, naming the field.
Result<TermPlan> term_plan(const WrittenPlan& plan);
// The same for a plan whose first day nobody knows yet: as far as it can be told.
Result<> check(const WrittenPlan& plan);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::TermClock> = std::to_array<std::string_view>({"signature", "install",
                                                                                          "turnUp", "firstBill"});

template <>
struct Fields<contracts::WrittenPlan> {
  using T = contracts::WrittenPlan;
  static constexpr auto list = FieldList{Field{"signed_date", &T::signed_date},
                                         Field{"term_clock", &T::term_clock},
                                         Field{"term_start", &T::term_start},
                                         Field{"term_months", &T::term_months},
                                         Field{"term_end", &T::term_end},
                                         Field{"open_ended", &T::open_ended},
                                         Field{"end_of_term_action", &T::end_of_term_action},
                                         Field{"roll_interval_months", &T::roll_interval_months},
                                         Field{"renewal_term_months", &T::renewal_term_months},
                                         Field{"notice_value", &T::notice_value},
                                         Field{"notice_unit", &T::notice_unit},
                                         Field{"time_zone", &T::time_zone}};
};

}  // namespace holdfast
