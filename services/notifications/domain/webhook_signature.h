#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast::notifications {

// Standard Webhooks 1.0, symmetric signatures: v1 = HMAC-SHA256 over "id.timestamp.payload".

constexpr size_t min_secret_bytes = 24;
constexpr size_t max_secret_bytes = 64;
// During a rotation the old and the new secret both sign; more than this many is a mistake.
constexpr size_t max_signing_secrets = 5;
// A receiver refuses a message whose timestamp lies further off than this: a recorded request cannot be replayed later.
constexpr std::chrono::minutes signature_tolerance{5};

// A signing key. It has no operator<< and no implicit text, so that it does not reach a log by accident.
class WebhookSecret {
 public:
  // "whsec_" and 24 to 64 bytes in base64: what we show once, and what subscribers' libraries take.
  static Result<WebhookSecret> parse(std::string_view text);
  // From bytes of a cryptographic random source.
  static Result<WebhookSecret> from_bytes(std::span<const unsigned char> bytes);

  std::string text() const;
  std::string_view key() const { return key_; }

 private:
  explicit WebhookSecret(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

// The three headers of one attempt. `timestamp` is the attempt's own, `id` the event's.
struct SignedHeaders {
  std::string id;
  std::string timestamp;  // whole seconds since 1970
  std::string signature;  // "v1,<base64>", one a secret, separated by spaces; the newest secret first
};

// Refuses an id that holds anything but printable ASCII without '.', since the dot separates what is signed.
Result<SignedHeaders> sign_webhook(std::span<const WebhookSecret> secrets, std::string_view id, Instant now,
                                   std::string_view payload);

// True when any of the signatures fits any of the secrets and the timestamp is within the tolerance. Compares in
// constant time; unknown versions are passed over, as the specification asks.
bool verify_webhook(std::span<const WebhookSecret> secrets, const SignedHeaders& headers, Instant now,
                    std::string_view payload);

}  // namespace holdfast::notifications
