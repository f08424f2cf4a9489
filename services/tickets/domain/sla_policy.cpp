#include "tickets/domain/sla_policy.h"

#include <algorithm>

namespace holdfast::tickets {

using namespace std::chrono_literals;

SlaPolicy carrier_policy(Priority priority) {
  constexpr auto clock = SlaHours::around_the_clock;
  constexpr auto service = SlaHours::service;
  switch (priority) {
    case Priority::p1:
      return {{1h, clock}, {1h, clock}, {4h, clock}};
    case Priority::p2:
      return {{1h, service}, {2h, service}, {8h, service}};
    case Priority::p3:
      return {{1h, service}, {8h, service}, {8h, service}};
    case Priority::p4:
      break;
  }
  return {{1h, service}, {24h, service}, {24h, service}};
}

SlaPolicy desk_policy(Priority priority, Lane lane) {
  SlaPolicy policy = carrier_policy(priority);
  policy.next_update.length = std::min<std::chrono::minutes>(policy.next_update.length, 60min);
  switch (priority) {
    case Priority::p1:
      policy.acknowledge =
          lane == Lane::key ? SlaTarget{15min, SlaHours::around_the_clock} : SlaTarget{30min, SlaHours::service};
      break;
    case Priority::p2:
      policy.acknowledge = {2h, SlaHours::service};
      break;
    case Priority::p3:
      policy.acknowledge = {business_day, SlaHours::service};
      break;
    case Priority::p4:
      policy.acknowledge = {2 * business_day, SlaHours::service};
      break;
  }
  return policy;
}

}  // namespace holdfast::tickets
