#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/result.h"

namespace holdfast::notifications {

// An address as bytes in network order. A v4-mapped v6 address stays what it is: the policy refuses it as such.
struct IpAddress {
  enum class Family { v4, v6 };
  Family family = Family::v4;
  std::array<std::uint8_t, 16> bytes{};  // v4 uses the first four

  bool operator==(const IpAddress&) const = default;
};

// Dotted decimal without leading zeros, or RFC 4291 text without brackets and zone. No octal, hexadecimal or short
// form.
std::optional<IpAddress> parse_ip_address(std::string_view text);
std::string to_string(const IpAddress& address);

// An address range such as 10.0.0.0/8.
struct Network {
  IpAddress base;
  int prefix_bits = 0;

  // False for an address of the other family.
  bool contains(const IpAddress& address) const;
};

// Refuses bits set behind the prefix: 10.1.2.3/8 is more likely a slip than a wish.
Result<Network> parse_network(std::string_view text);

}  // namespace holdfast::notifications
