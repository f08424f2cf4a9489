// What a subscriber gives as the URL of a webhook. What passes is read alike by curl, which will call it.
#include <curl/curl.h>

#include "notifications/domain/subscription.h"
#include "notifications/domain/target_policy.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace holdfast;
using namespace holdfast::notifications;
using fuzz::require;

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

void require_curl_agrees(const std::string& written, const Target& target) {
  auto* url = curl_url();
  require(curl_url_set(url, CURLUPART_URL, written.c_str(), 0) == CURLUE_OK, "curl takes what passed", written);
  auto host = part(url, CURLUPART_HOST);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const auto theirs = parse_ip_address(host);
  const auto ours = parse_ip_address(target.host);
  const bool same =
      ours ? theirs && theirs->bytes == ours->bytes && theirs->family == ours->family : host == target.host;
  require(same, "curl reads the same host", written + " " + host);
  require(part(url, CURLUPART_PORT) == std::to_string(target.port), "curl reads the same port", written);
  require(part(url, CURLUPART_SCHEME) == (target.tls ? "https" : "http"), "curl reads the same scheme", written);
  require(part(url, CURLUPART_USER).empty() && part(url, CURLUPART_PASSWORD).empty(), "curl reads no user", written);
  require(part(url, CURLUPART_FRAGMENT).empty(), "curl reads no fragment", written);
  curl_url_cleanup(url);
}

void check_url(std::string_view text, const TargetRules& rules) {
  const auto target = check_target(text, rules);
  if (!target) return;
  const auto written = target->url();
  const auto again = check_target(written, rules);
  require(again && again->url() == written, "a target written is that target", written);
  require_curl_agrees(written, *target);
  const auto address = parse_ip_address(target->host);
  require(!address || may_connect(*address, rules), "no forbidden address passes", written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto text = fuzz::text_of(data, size);
  check_url(text, {});
  check_url(text, {.allow_private_targets = true});
  if (const auto address = parse_ip_address(text)) {
    const auto again = parse_ip_address(to_string(*address));
    require(again && again->bytes == address->bytes, "an address written is that address", text);
  }
  if (const auto network = parse_network(text)) {
    require(network->contains(network->base), "a network contains its base", text);
  }
  if (const auto subscription = subscribe({.callback_url = std::string(text)}, {}, {}, Instant{})) {
    require(check_target(subscription->callback_url, {}).has_value(), "what was subscribed may be called", text);
  }
  return 0;
}
