#include "notifications/domain/target_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace holdfast::notifications {
namespace {

constexpr size_t max_host_bytes = 253;
constexpr size_t max_label_bytes = 63;

// Everything below comes from IANA's special-purpose registries, unless the line says otherwise.
constexpr std::array forbidden_v4 = {
    "0.0.0.0/8",         // this network; Linux takes 0.0.0.0 for loopback
    "10.0.0.0/8",        // private
    "100.64.0.0/10",     // carrier-grade NAT
    "127.0.0.0/8",       // loopback
    "168.63.129.16/32",  // not in a registry: Azure's host agent, reachable from every machine there
    "169.254.0.0/16",    // link-local, cloud metadata
    "172.16.0.0/12",     // private
    "192.0.0.0/24",      // protocol assignments
    "192.0.2.0/24",      // documentation
    "192.88.99.0/24",    // 6to4 relays
    "192.168.0.0/16",    // private
    "198.18.0.0/15",     // benchmarks
    "198.51.100.0/24",   // documentation
    "203.0.113.0/24",    // documentation
    "224.0.0.0/4",       // multicast
    "240.0.0.0/4",       // reserved, broadcast
};

// IPv6 is allowed by what is global unicast, not forbidden by what is special: mapped, compatible, translated, NAT64
// (64:ff9b::/96, 64:ff9b:1::/48), discard-only, unique local, link-local, site-local, SRv6 and multicast addresses
// all lie outside.
constexpr const char* global_unicast_v6 = "2000::/3";
constexpr std::array forbidden_v6 = {
    "2001::/23",      // protocol assignments: Teredo, benchmarks, ORCHID
    "2001:db8::/32",  // documentation
    "2002::/16",      // 6to4: carries an IPv4 address
    "3fff::/20",      // documentation
};

// What development may reach besides.
constexpr std::array development_networks = {"127.0.0.0/8",    "10.0.0.0/8", "172.16.0.0/12",
                                             "192.168.0.0/16", "::1/128",    "fc00::/7"};

// Names that no public resolver may answer (RFC 6761, 6762, 7686, 8375, 9476) or that operators keep for themselves.
constexpr std::array internal_suffixes = {".localhost", ".local", ".internal",    ".intranet", ".private",
                                          ".corp",      ".home",  ".lan",         ".arpa",     ".onion",
                                          ".test",      ".alt",   ".localdomain", ".invalid"};

template <size_t count>
std::vector<Network> networks(const std::array<const char*, count>& texts) {
  std::vector<Network> parsed;
  for (const auto* text : texts) parsed.push_back(*parse_network(text));
  return parsed;
}

bool contains(const std::vector<Network>& list, const IpAddress& address) {
  return std::ranges::any_of(list, [&](const auto& network) { return network.contains(address); });
}

// An IPv4 address behind the interface identifier 0000:5efe or 0200:5efe (RFC 5214).
bool is_isatap(const IpAddress& address) {
  const auto& b = address.bytes;
  return (b[8] & ~0x02) == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe;
}

bool is_public(const IpAddress& address) {
  static const auto v4 = networks(forbidden_v4);
  static const auto v6 = networks(forbidden_v6);
  static const auto global = *parse_network(global_unicast_v6);
  if (address.family == IpAddress::Family::v4) return !contains(v4, address);
  return global.contains(address) && !contains(v6, address) && !is_isatap(address);
}

Error refuse(std::string_view why) { return fail(Reason::target_not_allowed, "url", std::string(why)); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What RFC 3986 allows in a path or query. Backslash, quotes and braces are read differently by different parsers.
bool is_path_character(char c) {
  return is_digit(c) || is_letter(c) || std::string_view("-._~!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label_bytes && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
}

// A host whose last label is a number, decimal or 0x…, is an IPv4 address to some parsers (WHATWG: "ends in a number").
bool ends_in_number(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);
  return last.starts_with("0x") || std::ranges::all_of(last, is_digit);
}

Result<Unit> check_name(std::string_view host, const TargetRules& rules) {
  if (host.size() > max_host_bytes) return refuse("the host is longer than 253 characters");
  for (std::string_view rest = host;;) {
    const auto dot = rest.find('.');
    if (!is_label(rest.substr(0, dot))) return refuse("the host must be a name of letters, digits and hyphens");
    if (dot == rest.npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (ends_in_number(host)) return refuse("an address must be written as four decimal numbers without leading zeros");
  // An operator who opened his own network has names there; the address decides.
  if (rules.allow_private_targets || !rules.allowed_networks.empty()) return Unit{};
  const bool internal = host.find('.') == host.npos ||
                        std::ranges::any_of(internal_suffixes, [&](auto* suffix) { return host.ends_with(suffix); });
  if (internal) return refuse("the host must be a public name");
  return Unit{};
}

Result<Unit> check_host(std::string_view host, bool bracketed, const TargetRules& rules) {
  const auto address = parse_ip_address(host);
  if (bracketed && (!address || address->family != IpAddress::Family::v6)) {
    return refuse("the brackets must hold an IPv6 address");
  }
  if (!address) return check_name(host, rules);
  if (!may_connect(*address, rules)) return refuse("the address " + to_string(*address) + " must not be called");
  return Unit{};
}

// "host", "host:port", "[v6]", "[v6]:port"
struct Authority {
  std::string host;
  bool bracketed = false;
  std::optional<std::uint16_t> port;
};

Result<Authority> parse_authority(std::string_view text) {
  if (text.find('@') != text.npos) return refuse("user and password must not stand in the URL");
  Authority authority;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return refuse("the bracket of the IPv6 address is not closed");
    authority.host = text.substr(1, end - 1);
    authority.bracketed = true;
    rest = text.substr(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    authority.host = text.substr(0, end);
    rest = text.substr(end);
  }
  std::ranges::transform(authority.host, authority.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  if (rest.empty()) return authority;
  rest.remove_prefix(1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  if (text[text.size() - rest.size() - 1] != ':' || error != std::errc() || end != rest.data() + rest.size() ||
      port == 0) {
    return refuse("the port must be a number from 1 to 65535");
  }
  authority.port = port;
  return authority;
}

}  // namespace

std::string Target::url() const {
  const bool v6 = host.find(':') != host.npos;
  return fmt::format("{}://{}{}{}:{}{}", tls ? "https" : "http", v6 ? "[" : "", host, v6 ? "]" : "", port,
                     path_and_query);
}

Result<Target> check_target(std::string_view url, const TargetRules& rules) {
  if (url.size() > max_target_url_bytes) return refuse("the URL is longer than 2048 bytes");
  Target target;
  if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else if (url.starts_with("http://") && rules.allow_private_targets) {
    url.remove_prefix(7);
    target.tls = false;
  } else {
    return refuse("the URL must begin with https://");
  }
  const auto end = std::min(url.find_first_of("/?#"), url.size());
  auto authority = TRY(parse_authority(url.substr(0, end)));
  CHECK_OK(check_host(authority.host, authority.bracketed, rules));
  target.host = std::move(authority.host);
  target.port = authority.port.value_or(target.tls ? 443 : 80);
  if (!rules.allow_private_targets && std::ranges::find(rules.ports, target.port) == rules.ports.end()) {
    return refuse(fmt::format("port {} must not be called", target.port));
  }
  const auto rest = url.substr(end);
  if (!std::ranges::all_of(rest, is_path_character)) {
    return refuse("path and query must be plain ASCII, percent-encoded where needed, without a fragment");
  }
  target.path_and_query = (rest.starts_with('/') ? "" : "/") + std::string(rest);
  return target;
}

bool may_connect(const IpAddress& address, const TargetRules& rules) {
  static const auto development = networks(development_networks);
  if (contains(rules.allowed_networks, address)) return true;
  if (rules.allow_private_targets && contains(development, address)) return true;
  return is_public(address);
}

}  // namespace holdfast::notifications
