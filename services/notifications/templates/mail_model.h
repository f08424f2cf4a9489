#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "runtime/calendar/zone.h"
#include "runtime/core/time.h"

namespace holdfast::notifications {

// How far ahead a day is: "today", "tomorrow", "in 14 days"; one that has passed: "over since yesterday".
struct DaysAhead {
  int days = 0;
};

// The values of one mail. Instants are shown on the recipient's clock and name its zone; dates are legal dates and are
// shown as they are.
class MailModel {
 public:
  using Value = std::variant<std::string, Instant, Date, DaysAhead>;

  explicit MailModel(ZoneName recipient_zone) : zone_(std::move(recipient_zone)) {}

  MailModel& set(std::string name, Value value);
  // Shows the section `has_<name>` when there is a value, hides it otherwise.
  MailModel& set_optional(const std::string& name, std::optional<Value> value);
  // A section that is shown or hidden by itself.
  MailModel& show(std::string section, bool shown);

  // Null when it was never set: rendering then fails.
  const std::string* text(std::string_view name) const;
  std::optional<bool> shown(std::string_view section) const;

 private:
  ZoneName zone_;
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, bool, std::less<>> sections_;
};

// "Friday, March 13, 2026"
std::string show_date(Date date);
// "Friday, March 13, 2026, 2:15 PM New York time (UTC-4)": the offset tells apart the two 1:30s of autumn.
std::string show_instant(Instant instant, const ZoneName& zone);

}  // namespace holdfast::notifications
