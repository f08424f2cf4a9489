#include "notifications/domain/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace holdfast::notifications {
namespace {

int length_bits(const IpAddress& address) { return address.family == IpAddress::Family::v4 ? 32 : 128; }

bool bit(const IpAddress& address, int position) {
  return (address.bytes[static_cast<size_t>(position) / 8] >> (7 - position % 8) & 1) != 0;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != text.npos) return std::nullopt;
  const std::string terminated(text);
  IpAddress address;
  // glibc's inet_pton takes four decimal numbers only, and refuses leading zeros.
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.family = IpAddress::Family::v6;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.family == IpAddress::Family::v4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(),
            text.size());
  return text.data();
}

bool Network::contains(const IpAddress& address) const {
  if (address.family != base.family) return false;
  for (int position = 0; position < prefix_bits; ++position) {
    if (bit(address, position) != bit(base, position)) return false;
  }
  return true;
}

Result<Network> parse_network(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(Reason::field_invalid, "network", "'" + std::string(text.substr(0, 64)) + "' " + std::string(why));
  };
  const auto slash = text.find('/');
  const auto base = parse_ip_address(text.substr(0, slash));
  if (!base || slash == text.npos) return refuse("is no network of the form 10.0.0.0/8");
  Network network{*base, 0};
  const auto length = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), network.prefix_bits);
  if (error != std::errc() || end != length.data() + length.size() || network.prefix_bits < 0 ||
      network.prefix_bits > length_bits(*base)) {
    return refuse("has no prefix length that fits the address");
  }
  for (int position = network.prefix_bits; position < length_bits(*base); ++position) {
    if (bit(*base, position)) return refuse("has bits set behind its prefix");
  }
  return network;
}

}  // namespace holdfast::notifications
