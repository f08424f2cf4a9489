// curl as the sender of webhooks uses it: one request after the other, over connections that stand already.

#include "http.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdarg>
#include <string_view>

using namespace holdfast::simulation;

namespace {

constexpr std::string_view id_header = "webhook-id: ";

// A handle: what it was asked for, and what came of it.
struct Transfer {
  std::string url, webhook_id;
  Nanoseconds timeout = 0;
  int status = 0;
  std::int64_t retry_after_seconds = 0;
  Nanoseconds took = 0;
};

Transfer& transfer_of(CURL* handle) { return *static_cast<Transfer*>(handle); }

}  // namespace

namespace holdfast::simulation {
namespace {

Http* the_http = nullptr;

}  // namespace

Http::Http(World& world) : world(world) { the_http = this; }

Http& Http::current() { return *the_http; }

const Exchange& Http::exchange(const std::string& url, const std::string& webhook_id, Nanoseconds timeout) {
  const auto end = world.now + timeout;
  world.let_pass(world.random.between(1, 50) * millisecond);
  const auto place = exchanges.size();
  exchanges.push_back({.url = url, .webhook_id = webhook_id, .when = world.now});
  const auto reaction = target_(exchanges[place]);
  exchanges[place].reaction = reaction;
  world.trace(url, " has ", webhook_id, ": ", reaction.status);
  const auto answered_at = reaction.kind == Reaction::Kind::hangs ? never : world.now + reaction.after;
  world.let_pass(std::min(answered_at, end) - world.now);
  exchanges[place].until = world.now;
  if (reaction.kind == Reaction::Kind::answers && answered_at <= end) exchanges[place].heard_at = world.now;
  return exchanges[place];
}

}  // namespace holdfast::simulation

extern "C" {

CURLcode curl_global_init(long) { return CURLE_OK; }
CURL* curl_easy_init() { return new Transfer; }
void curl_easy_cleanup(CURL* handle) { delete &transfer_of(handle); }
void curl_easy_reset(CURL* handle) { transfer_of(handle) = {}; }

// Whatever else is asked of a connection does not matter to who answers.
CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
  auto& transfer = transfer_of(handle);
  va_list value;
  va_start(value, option);
  if (option == CURLOPT_URL) transfer.url = va_arg(value, const char*);
  if (option == CURLOPT_TIMEOUT_MS) transfer.timeout = va_arg(value, long) * millisecond;
  if (option == CURLOPT_HTTPHEADER) {
    for (const auto* line = va_arg(value, const curl_slist*); line; line = line->next) {
      const std::string_view header = line->data;
      if (header.starts_with(id_header)) transfer.webhook_id = header.substr(id_header.size());
    }
  }
  va_end(value);
  return CURLE_OK;
}

CURLcode curl_easy_perform(CURL* handle) {
  auto& transfer = transfer_of(handle);
  auto& http = Http::current();
  const auto begun = http.world.now;
  const auto exchange = http.exchange(transfer.url, transfer.webhook_id, transfer.timeout);
  transfer.took = http.world.now - begun;
  if (exchange.heard_at) {
    transfer.status = exchange.reaction.status;
    transfer.retry_after_seconds = exchange.reaction.retry_after_seconds;
    return CURLE_OK;
  }
  if (transfer.took >= transfer.timeout) return CURLE_OPERATION_TIMEDOUT;
  return exchange.reaction.kind == Reaction::Kind::refuses ? CURLE_COULDNT_CONNECT : CURLE_RECV_ERROR;
}

CURLcode curl_easy_getinfo(CURL* handle, CURLINFO info, ...) {
  const auto& transfer = transfer_of(handle);
  va_list into;
  va_start(into, info);
  if (info == CURLINFO_TOTAL_TIME_T) *va_arg(into, curl_off_t*) = transfer.took / microsecond;
  if (info == CURLINFO_RESPONSE_CODE) *va_arg(into, long*) = transfer.status;
  if (info == CURLINFO_RETRY_AFTER) *va_arg(into, curl_off_t*) = transfer.retry_after_seconds;
  if (info == CURLINFO_PRIMARY_IP) *va_arg(into, const char**) = "192.0.2.1";
  va_end(into);
  return CURLE_OK;
}

}  // extern "C"
