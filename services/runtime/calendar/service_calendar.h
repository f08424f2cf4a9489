#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "runtime/calendar/zone.h"

namespace holdfast {

// Hours in which work is done, on every week's `day`: wall-clock times since midnight. `close` 24:00 is the end of that
// day; a `close` before `open` lies on the next day, and the window belongs to the weekday on which it opens.
struct OpenWindow {
  std::chrono::weekday day;
  std::chrono::minutes open;
  std::chrono::minutes close;

  bool operator==(const OpenWindow&) const = default;
};

// A stretch in which the clock stands still, [from, to); without `to` it has not ended.
struct ClockStop {
  Instant from;
  std::optional<Instant> to;

  bool operator==(const ClockStop&) const = default;
};

// When a desk is open. An instant is open when its wall-clock reading lies in a window and its local date is no
// holiday: the tail of last evening's window is shut on a holiday too. Immutable, any thread.
class ServiceCalendar {
 public:
  static constexpr size_t window_limit = 100;
  static constexpr size_t holiday_limit = 5'000;

  // Windows may overlap: they are united. No windows: never open.
  static Result<ServiceCalendar> make(ZoneName zone, std::vector<OpenWindow> windows, std::vector<Date> holidays);
  // Open at every instant.
  static ServiceCalendar around_the_clock(ZoneName zone);

  const ZoneName& zone() const { return zone_; }
  bool is_open(Instant instant) const;

 private:
  friend class OpenTime;
  struct Stretch {
    std::chrono::minutes from;
    std::chrono::minutes to;
  };

  explicit ServiceCalendar(ZoneName zone) : zone_(zone) {}
  void unite();

  ZoneName zone_;
  std::array<std::vector<Stretch>, 7> open_;  // by local weekday (Sunday first): disjoint, in order, within [0, 24 h)
  std::vector<Date> holidays_;                // in order
};

// Real time that was open and not stopped in [from, to), instant by instant: an hour that comes twice counts twice, an
// hour that is skipped not at all. 0 when to <= from. Stops may come in any order and overlap.
// Cost: one step a calendar day.
Duration elapsed(const ServiceCalendar& calendar, Instant from, Instant to, std::span<const ClockStop> stops);

// The earliest instant at which elapsed(start, instant) reaches `target`; nothing when that does not happen within
// `elapse_horizon` of start: an open stop, a calendar that never opens. Cost as above.
constexpr std::chrono::days elapse_horizon{3'660};
std::optional<Instant> when_elapsed(const ServiceCalendar& calendar, Instant start, Duration target,
                                    std::span<const ClockStop> stops);

}  // namespace holdfast
