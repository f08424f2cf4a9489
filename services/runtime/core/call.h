#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/uuid.h"

namespace holdfast {

// The monotonic moment after which nobody waits for the answer any more.
using Deadline = std::chrono::steady_clock::time_point;

enum class PrincipalKind { user, integration, service };

// Who is calling: proven by a token, or a service acting for an event's agency.
struct Principal {
  AgencyId agency;
  PrincipalKind kind = PrincipalKind::service;
  std::string id;                        // the key's, staff member's or service's name: for logs and audit rows
  std::vector<std::string> permissions;  // such as "tickets.write"; "*" is all of them

  bool may(std::string_view permission) const {
    return std::ranges::any_of(permissions, [&](const auto& held) { return held == "*" || held == permission; });
  }
};

// What travels with a piece of work from its first byte to its last event: who, until when, and the ids to follow it
// by.
struct Call {
  Principal who;
  Deadline deadline;
  std::stop_token stop;     // set when the caller went away
  std::string request_id;   // the client's, or one of ours: in every log line
  std::string traceparent;  // W3C trace context; empty when nobody traces
};

// The call under which a service works for itself (a timer, a reaction) on behalf of one agency.
inline Call service_call(AgencyId agency, std::string service, std::chrono::milliseconds patience) {
  return Call{Principal{agency, PrincipalKind::service, std::move(service), {"*"}},
              std::chrono::steady_clock::now() + patience,
              {},
              to_string(new_uuid()),
              {}};
}

}  // namespace holdfast
