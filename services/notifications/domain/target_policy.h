#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "notifications/domain/ip_address.h"
#include "runtime/core/result.h"

namespace holdfast::notifications {

// Whom a webhook may call. A subscriber chooses the URL, so without this anybody with an API key could make us call
// the inside of the operator's network. It is asked twice: about the URL when a subscription is made and before each
// attempt, and about the very address at the moment a socket is to be opened. The second is what protects: a name
// that resolves to something else meanwhile (DNS rebinding) gains nothing.
struct TargetRules {
  // For development: also http, any port, loopback and private addresses. Never link-local: cloud metadata lives there.
  bool allow_private_targets = false;
  // Ports besides, when allow_private_targets is off.
  std::vector<std::uint16_t> ports = {443, 8443};
  // The operator's own networks, allowed although a rule below forbids them.
  std::vector<Network> allowed_networks = {};
};

constexpr size_t max_target_url_bytes = 2048;

// A URL taken apart by a grammar narrower than RFC 3986: what passes means the same to every parser.
struct Target {
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string path_and_query;  // begins with '/'

  // Written again from the parts, so that what is called is what was checked.
  std::string url() const;
};

// May this URL be called? Refuses with target_not_allowed: other schemes, user-info, fragments, control characters,
// anything but ASCII, backslashes, hosts that are numbers in disguise (octal, hexadecimal, short or whole), names that
// cannot be public, ports outside the rules, forbidden addresses written out.
Result<Target> check_target(std::string_view url, const TargetRules& rules);

// May a socket be opened to this address? Only global unicast that no registry reserves, and no form that carries an
// IPv4 address inside an IPv6 one (mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP).
bool may_connect(const IpAddress& address, const TargetRules& rules);

}  // namespace holdfast::notifications
