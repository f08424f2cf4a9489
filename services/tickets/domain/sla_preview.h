#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickets/domain/promises.h"

// What a clock would say, for a calendar and pauses that somebody gives: nothing that an agency has.
namespace holdfast::tickets {

enum class Weekday { mon, tue, wed, thu, fri, sat, sun };

// Wall-clock times, HH:MM: see OpenWindow.
struct SlaWindow {
  Weekday day{};
  std::string open;
  std::string close;
};

struct SlaCalendar {
  std::string time_zone;
  std::vector<SlaWindow> windows;
  std::vector<Date> holidays;
};

struct PreviewSla {
  SlaCalendar calendar;
  std::int64_t target_minutes = 0;
  Instant start;
  std::vector<Pause> pauses;
  std::vector<Instant> at;
};

struct SlaElapsed {
  Instant at;
  std::int64_t seconds = 0;

  bool operator==(const SlaElapsed&) const = default;
};

struct SlaPreview {
  std::optional<Instant> due;
  std::optional<Instant> warn;
  std::vector<SlaElapsed> elapsed;
};

inline constexpr std::int64_t max_target_minutes = 366 * 24 * 60;
// What is asked costs a step for each day since the start.
inline constexpr size_t max_asked_instants = 100;

// Refuses, naming the field, what is no calendar (TIME_ZONE_UNKNOWN, FIELD_INVALID), pauses that are out of order or
// overlap (FIELD_INVALID), one that ends before it starts (END_BEFORE_START), and what exceeds a limit
// (FIELD_OUT_OF_RANGE).
Result<SlaPreview> preview(const PreviewSla& query);

}  // namespace holdfast::tickets

namespace holdfast {

template <>
inline constexpr auto enum_names<tickets::Weekday> = std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri",
                                                                                      "sat", "sun"});

template <>
struct Fields<tickets::SlaWindow> {
  using T = tickets::SlaWindow;
  static constexpr auto list = FieldList{Field{"day", &T::day}, Field{"open", &T::open}, Field{"close", &T::close}};
};
template <>
struct Fields<tickets::SlaCalendar> {
  using T = tickets::SlaCalendar;
  static constexpr auto list =
      FieldList{Field{"time_zone", &T::time_zone}, Field{"windows", &T::windows}, Field{"holidays", &T::holidays}};
};
template <>
struct Fields<tickets::PreviewSla> {
  using T = tickets::PreviewSla;
  static constexpr auto list = FieldList{Field{"calendar", &T::calendar}, Field{"target_minutes", &T::target_minutes},
                                         Field{"start", &T::start}, Field{"pauses", &T::pauses}, Field{"at", &T::at}};
};
template <>
struct Fields<tickets::SlaElapsed> {
  using T = tickets::SlaElapsed;
  static constexpr auto list = FieldList{Field{"at", &T::at}, Field{"seconds", &T::seconds}};
};
template <>
struct Fields<tickets::SlaPreview> {
  using T = tickets::SlaPreview;
  static constexpr auto list = FieldList{Field{"due", &T::due}, Field{"warn", &T::warn}, Field{"elapsed", &T::elapsed}};
};

}  // namespace holdfast
