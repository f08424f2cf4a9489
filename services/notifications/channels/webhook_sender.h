#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "notifications/domain/retry_schedule.h"
#include "notifications/domain/target_policy.h"
#include "notifications/domain/webhook_signature.h"

namespace holdfast::notifications {

// How much of an answer is read before the connection is dropped, and how much of it the ledger keeps.
constexpr size_t max_answer_bytes = 64 * 1024;
constexpr size_t kept_answer_bytes = 1024;

struct WebhookSettings {
  TargetRules rules;
  std::string ca_file;  // a PEM file of further authorities instead of the system's; empty: the system's
  std::string user_agent = "Holdfast-Webhooks/1";
  std::chrono::milliseconds connect_timeout_ms{5'000};
  std::chrono::milliseconds total_timeout_ms{15'000};
};

struct WebhookRequest {
  std::string url;
  SignedHeaders signature;
  std::string_view body;  // a CloudEvent in structured JSON; the very bytes that were signed
};

// One row of the delivery ledger.
struct WebhookAttempt {
  Outcome outcome;
  std::string detail;      // why no answer came, in words; empty when one came
  std::string answer;      // the first kept_answer_bytes of the answer's body, as they came: not necessarily UTF-8
  std::string address;     // the address that answered, or, when one was forbidden, that one
  bool forbidden = false;  // the policy refused the URL or every address of it
  int sockets_opened = 0;  // 0 also when an open connection was used again
  std::chrono::milliseconds took_ms{0};
};

// Posts webhooks. One sender belongs to one worker thread, which blocks for at most total_timeout_ms a call, and keeps
// up to 16 connections open for targets that it calls again.
class WebhookSender {
 public:
  explicit WebhookSender(WebhookSettings settings);
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  // Never throws; whatever goes wrong is an attempt that failed.
  WebhookAttempt send(const WebhookRequest& request) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdfast::notifications
