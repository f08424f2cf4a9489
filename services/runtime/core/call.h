#pragma once

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/uuid.h"

namespace holdfast {

// The monotonic moment after which nobody waits for the answer any more.
using Deadline = std::chrono::steady_clock::time_point;

enum class PrincipalKind { user, integration, service };

// What somebody may do, such as "tickets.write"; "*" is all of it. Copies share one list that nobody changes: every
// call carries a copy.
class Permissions {
 public:
  Permissions() = default;
  Permissions(std::initializer_list<std::string> names) : Permissions(std::vector<std::string>(names)) {}
  explicit Permissions(std::vector<std::string> names)
      : names_(std::make_shared<const std::vector<std::string>>(std::move(names))) {}

  std::span<const std::string> names() const { return names_ ? std::span(*names_) : std::span<const std::string>(); }
  bool include(std::string_view permission) const {
    return std::ranges::any_of(names(), [&](const auto& held) { return held == "*" || held == permission; });
  }

  friend bool operator==(const Permissions& left, const Permissions& right) {
    return std::ranges::equal(left.names(), right.names());
  }

 private:
  std::shared_ptr<const std::vector<std::string>> names_;  // none: an empty list
};

// Who is calling: proven by a token, or a service acting for an event's agency.
struct Principal {
  AgencyId agency;
  PrincipalKind kind = PrincipalKind::service;
  std::string id;  // the key's, staff member's or service's name: for logs and audit rows
  Permissions permissions;
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

// Of whom nobody is asked for permission.
inline const Permissions& all_permissions() {
  static const Permissions all{"*"};
  return all;
}

// The call under which a service works for itself (a timer, a reaction) on behalf of one agency.
inline Call service_call(AgencyId agency, std::string service, std::chrono::milliseconds patience) {
  return Call{Principal{agency, PrincipalKind::service, std::move(service), all_permissions()},
              std::chrono::steady_clock::now() + patience,
              {},
              to_string(new_uuid()),
              {}};
}

}  // namespace holdfast
