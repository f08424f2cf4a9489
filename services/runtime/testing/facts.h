#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/wire/wire.h"

namespace holdfast::testing {

// The full names of the events that <package>'s events.proto declares, except `known`.
std::vector<std::string> other_events(std::string_view package, const std::vector<std::string_view>& known);

// The events of a package that none of a service's facts is. A fact that does not fit its message ends the process:
// here, and not only where it is first published.
template <HasFields... Fact>
std::vector<std::string> events_besides(std::string_view package) {
  (wire::check<Fact>(Fields<Fact>::message), ...);
  return other_events(package, {Fields<Fact>::message...});
}

}  // namespace holdfast::testing
