#pragma once

#include <vector>

#include "accounts/service.h"
#include "contracts/service.h"
#include "notifications/service.h"
#include "tickets/service.h"

namespace holdfast {

// In the order in which they start: the one that says who is calling first.
inline std::vector<app::MakeService> every_service() {
  return {app::make<accounts::Accounts>, app::make<contracts::Contracts>, app::make<tickets::Tickets>,
          app::make<notifications::Notifications>};
}

}  // namespace holdfast
