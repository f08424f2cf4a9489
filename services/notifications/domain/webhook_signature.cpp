#include "notifications/domain/webhook_signature.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "notifications/domain/base64.h"
#include "runtime/core/limits.h"

namespace holdfast::notifications {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr size_t max_id_bytes = 256;

std::string signature(const WebhookSecret& secret, std::string_view id, std::string_view timestamp,
                      std::string_view payload) {
  std::string content;
  content.reserve(id.size() + timestamp.size() + payload.size() + 2);
  content.append(id).append(".").append(timestamp).append(".").append(payload);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const auto* done =
      HMAC(EVP_sha256(), secret.key().data(), static_cast<int>(secret.key().size()),
           reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &length);
  if (done == nullptr) throw std::runtime_error("OpenSSL has no HMAC-SHA256");
  return to_base64({reinterpret_cast<const char*>(digest.data()), length});
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

bool is_signable_id(std::string_view id) {
  return !id.empty() && id.size() <= max_id_bytes &&
         std::ranges::all_of(id, [](char c) { return c > ' ' && c < 0x7f && c != '.'; });
}

bool is_fresh(std::string_view timestamp, Instant now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  if (error != std::errc() || end != timestamp.data() + timestamp.size()) return false;
  const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const auto tolerance = std::chrono::seconds(signature_tolerance).count();
  return seconds >= now_seconds - tolerance && seconds <= now_seconds + tolerance;
}

}  // namespace

Result<WebhookSecret> WebhookSecret::parse(std::string_view text) {
  const auto refuse = [] {
    return fail(Reason::field_invalid, "secret",
                fmt::format("must be '{}' followed by {} to {} bytes in base64", secret_prefix, min_secret_bytes,
                            max_secret_bytes));
  };
  if (!text.starts_with(secret_prefix)) return refuse();
  auto bytes = from_base64(text.substr(secret_prefix.size()));
  if (!bytes || bytes->size() < min_secret_bytes || bytes->size() > max_secret_bytes) return refuse();
  return WebhookSecret(*std::move(bytes));
}

Result<WebhookSecret> WebhookSecret::from_bytes(std::span<const unsigned char> bytes) {
  if (bytes.size() < min_secret_bytes || bytes.size() > max_secret_bytes) {
    return outside("secret", min_secret_bytes, max_secret_bytes, "bytes");
  }
  return WebhookSecret(std::string(bytes.begin(), bytes.end()));
}

std::string WebhookSecret::text() const { return std::string(secret_prefix) + to_base64(key_); }

Result<SignedHeaders> sign_webhook(std::span<const WebhookSecret> secrets, std::string_view id, Instant now,
                                   std::string_view payload) {
  if (!is_signable_id(id))
    return fail(Reason::field_invalid, "id",
                fmt::format("must be 1 to {} printable characters without '.'", max_id_bytes));
  if (secrets.empty() || secrets.size() > max_signing_secrets) {
    return outside("secrets", 1, max_signing_secrets, "secrets");
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  SignedHeaders headers{std::string(id), fmt::format("{}", seconds), ""};
  for (const auto& secret : secrets) {
    if (!headers.signature.empty()) headers.signature += ' ';
    headers.signature.append(version_prefix).append(signature(secret, id, headers.timestamp, payload));
  }
  return headers;
}

bool verify_webhook(std::span<const WebhookSecret> secrets, const SignedHeaders& headers, Instant now,
                    std::string_view payload) {
  if (!is_fresh(headers.timestamp, now)) return false;
  bool verified = false;
  for (const auto& secret : secrets) {
    const std::string expected =
        std::string(version_prefix) + signature(secret, headers.id, headers.timestamp, payload);
    for (std::string_view rest = headers.signature; !rest.empty();) {
      const auto end = std::min(rest.find(' '), rest.size());
      verified |= equal_in_constant_time(rest.substr(0, end), expected);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return verified;
}

}  // namespace holdfast::notifications
