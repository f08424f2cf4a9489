#include "notifications/channels/webhook_sender.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <exception>

#include "notifications/channels/curl_handle.h"

namespace holdfast::notifications {
namespace {

constexpr long max_open_connections = 16;

// What one transfer gathers; curl's callbacks write here, on the thread that called send.
struct Transfer {
  const TargetRules& rules;
  WebhookAttempt& attempt;
  size_t answer_bytes = 0;
};

std::optional<IpAddress> address_of(const sockaddr& address) {
  IpAddress ours;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(ours.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
    return ours;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    ours.family = IpAddress::Family::v6;
    std::memcpy(ours.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    return ours;
  }
  return std::nullopt;
}

// curl asks here for each socket it is about to connect, with the very address it will connect to. No name is looked up
// after this, so no answer of a resolver can slip in between.
curl_socket_t open_allowed_socket(void* user, curlsocktype purpose, curl_sockaddr* to) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto address = purpose == CURLSOCKTYPE_IPCXN ? address_of(to->addr) : std::nullopt;
  if (!address || !may_connect(*address, transfer.rules)) {
    transfer.attempt.forbidden = true;
    transfer.attempt.address = address ? to_string(*address) : "";
    return CURL_SOCKET_BAD;
  }
  const int opened = ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
  if (opened < 0) return CURL_SOCKET_BAD;
  ++transfer.attempt.sockets_opened;
  return opened;
}

size_t take_answer(char* bytes, size_t, size_t count, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& kept = transfer.attempt.answer;
  kept.append(bytes, std::min(count, kept_answer_bytes - kept.size()));
  transfer.answer_bytes += count;
  return transfer.answer_bytes <= max_answer_bytes ? count : 0;
}

CurlList headers_of(const WebhookRequest& request) {
  CurlList headers;
  headers.add("content-type: application/cloudevents+json; charset=utf-8");
  headers.add("webhook-id: " + request.signature.id);
  headers.add("webhook-timestamp: " + request.signature.timestamp);
  headers.add("webhook-signature: " + request.signature.signature);
  headers.add("expect:");  // curl would ask leave for a body over 1 MiB and wait a second for it
  return headers;
}

}  // namespace

struct WebhookSender::State {
  WebhookSettings settings;
  CurlHandle handle = new_curl_handle();

  WebhookAttempt send(const WebhookRequest& request);
  void prepare(const WebhookRequest& request, const Target& target, const CurlList& headers, Transfer& transfer);
  void read_result(CURLcode code, WebhookAttempt& attempt);
};

// Options are set anew for every transfer: nothing of one subscriber's request is left for the next one's.
void WebhookSender::State::prepare(const WebhookRequest& request, const Target& target, const CurlList& headers,
                                   Transfer& transfer) {
  CURL* curl = handle.get();
  curl_easy_reset(curl);  // keeps connections, forgets options
  set_common_options(curl, settings.ca_file, settings.connect_timeout_ms.count(), settings.total_timeout_ms.count());
  set_option(curl, CURLOPT_PROTOCOLS_STR, target.tls ? "https" : "http");
  set_option(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set_option(curl, CURLOPT_MAXCONNECTS, max_open_connections);
  set_option(curl, CURLOPT_OPENSOCKETFUNCTION, &open_allowed_socket);
  set_option(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  set_option(curl, CURLOPT_WRITEFUNCTION, &take_answer);
  set_option(curl, CURLOPT_WRITEDATA, &transfer);
  set_option(curl, CURLOPT_USERAGENT, settings.user_agent.c_str());
  set_option(curl, CURLOPT_HTTPHEADER, headers.get());
  set_option(curl, CURLOPT_POST, 1L);
  set_option(curl, CURLOPT_POSTFIELDS, request.body.data());
  set_option(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
}

void WebhookSender::State::read_result(CURLcode code, WebhookAttempt& attempt) {
  CURL* curl = handle.get();
  curl_off_t took_us = 0;
  if (curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &took_us) == CURLE_OK) {
    attempt.took_ms = std::chrono::milliseconds(took_us / 1000);
  }
  const char* address = nullptr;
  if (curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && !attempt.forbidden && address != nullptr) {
    attempt.address = address;
  }
  // A status counts only once the whole answer came, or as much of it as we wanted to read: a subscriber that stalls
  // in the middle has not said yes.
  if (code != CURLE_OK && code != CURLE_WRITE_ERROR) return;
  attempt.detail.clear();
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  attempt.outcome.status = static_cast<int>(status);
  curl_off_t retry_after_s = 0;  // curl reads both forms, seconds and dates
  if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s) == CURLE_OK && retry_after_s > 0) {
    attempt.outcome.retry_after = std::chrono::seconds(retry_after_s);
  }
}

WebhookAttempt WebhookSender::State::send(const WebhookRequest& request) {
  WebhookAttempt attempt;
  const auto target = check_target(request.url, settings.rules);
  if (!target) {
    attempt.forbidden = true;
    attempt.detail = target.error().message;
    return attempt;
  }
  Transfer transfer{settings.rules, attempt};
  const auto headers = headers_of(request);
  prepare(request, *target, headers, transfer);
  set_option(handle.get(), CURLOPT_URL, target->url().c_str());
  const CURLcode code = perform(handle.get(), attempt.detail);
  // One of several addresses may have been refused before an allowed one was tried.
  attempt.forbidden = attempt.forbidden && attempt.sockets_opened == 0;
  read_result(code, attempt);
  if (attempt.forbidden) {
    attempt.detail = "the address " + attempt.address + " must not be called";
  }
  curl_easy_reset(handle.get());  // what it borrowed ends here
  return attempt;
}

WebhookSender::WebhookSender(WebhookSettings settings) : state_(new State{std::move(settings)}) {}
WebhookSender::~WebhookSender() = default;

WebhookAttempt WebhookSender::send(const WebhookRequest& request) noexcept {
  try {
    return state_->send(request);
  } catch (const std::exception& failure) {
    WebhookAttempt attempt;
    attempt.detail = failure.what();
    return attempt;
  }
}

}  // namespace holdfast::notifications
