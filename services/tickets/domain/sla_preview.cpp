#include "tickets/domain/sla_preview.h"

#include <charconv>

#include "runtime/core/limits.h"

namespace holdfast::tickets {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string element(const std::string& list, size_t index) { return list + "[" + std::to_string(index) + "]"; }

// Where in the request it was, for what was refused by something that does not know the request.
template <class T>
Result<T> within(const std::string& path, Result<T> result) {
  if (result) return result;
  auto& error = result.error();
  if (error.fields.empty()) error.fields.push_back({"", error.message});
  for (auto& violation : error.fields) {
    violation.field = violation.field.empty() ? path : path + "." + violation.field;
  }
  return result;
}

std::optional<int> two_digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() != 2 || text.front() == '-' || error != std::errc() || end != text.data() + 2) return std::nullopt;
  return value;
}

// Whether such a time exists is the calendar's to say.
Result<minutes> time_of_day(const std::string& text, const std::string& path) {
  const auto hour = text.size() == 5 && text[2] == ':' ? two_digits(std::string_view(text).substr(0, 2)) : std::nullopt;
  const auto minute = hour ? two_digits(std::string_view(text).substr(3)) : std::nullopt;
  if (!minute || *minute > 59) return fail(Reason::field_invalid, path, "is a time of day, as 09:00");
  return hours{*hour} + minutes{*minute};
}

Result<ServiceCalendar> calendar_of(const SlaCalendar& given) {
  const auto zone = TRY(within("calendar.time_zone", parse_zone(given.time_zone)));
  std::vector<OpenWindow> windows;
  for (size_t index = 0; index < given.windows.size(); ++index) {
    const auto& window = given.windows[index];
    const auto path = element("calendar.windows", index);
    const auto open = TRY(time_of_day(window.open, path + ".open"));
    const auto close = TRY(time_of_day(window.close, path + ".close"));
    const auto days_after_monday = static_cast<unsigned>(window.day);
    windows.push_back({std::chrono::Monday + std::chrono::days{days_after_monday}, open, close});
  }
  return within("calendar", ServiceCalendar::make(zone, std::move(windows), given.holidays));
}

Result<std::vector<SlaPause>> pauses_of(const PreviewSla& query) {
  if (query.pauses.size() > SlaClock::pause_limit) {
    return too_many("pauses", SlaClock::pause_limit, "pauses");
  }
  std::vector<SlaPause> pauses;
  for (size_t index = 0; index < query.pauses.size(); ++index) {
    const auto& pause = query.pauses[index];
    if (pause.ended_at && *pause.ended_at < pause.started_at) {
      return fail(Reason::end_before_start, element("pauses", index) + ".ended_at", "lies before the pause's start");
    }
    const bool follows = pauses.empty() || (pauses.back().to && *pauses.back().to <= pause.started_at);
    if (!follows) {
      return fail(Reason::field_invalid, element("pauses", index) + ".started_at",
                  "lies before the end of the pause before it");
    }
    pauses.push_back({pause.started_at, pause.ended_at, pause.reason});
  }
  return pauses;
}

Result<> check_instants(const PreviewSla& query) {
  if (query.at.size() > max_asked_instants) {
    return too_many("at", max_asked_instants, "instants");
  }
  for (size_t index = 0; index < query.at.size(); ++index) {
    if (query.at[index] > query.start + elapse_horizon) {
      return fail(Reason::field_out_of_range, element("at", index),
                  "lies more than " + std::to_string(elapse_horizon.count()) + " days after the start");
    }
  }
  return {};
}

}  // namespace

Result<SlaPreview> preview(const PreviewSla& query) {
  if (query.target_minutes < 1 || query.target_minutes > max_target_minutes) {
    return outside("target_minutes", 1, max_target_minutes, "minutes");
  }
  CHECK_OK(check_instants(query));
  auto calendar = TRY(calendar_of(query.calendar));
  auto pauses = TRY(pauses_of(query));
  const SlaClock clock{.calendar = std::move(calendar),
                       .target = minutes{query.target_minutes},
                       .start = query.start,
                       .pauses = std::move(pauses)};
  SlaPreview preview{.due = breaches_at(clock), .warn = warns_at(clock), .elapsed = {}};
  for (const auto at : query.at) {
    preview.elapsed.push_back({at, std::chrono::floor<std::chrono::seconds>(elapsed(clock, at)).count()});
  }
  return preview;
}

}  // namespace holdfast::tickets
