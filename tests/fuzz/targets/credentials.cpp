// What a caller or a subscriber proves itself by: tokens, API keys, secrets and signatures of webhooks.
#include "notifications/domain/base64.h"
#include "notifications/domain/webhook_signature.h"
#include "runtime/auth/api_key.h"
#include "runtime/auth/base64url.h"
#include "runtime/auth/token.h"
#include "runtime/core/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace holdfast;
using fuzz::require;

const Instant now = *parse_instant("2026-03-01T12:00:00Z");

void check_token(std::string_view text) {
  static const auto signer = auth::TokenSigner::with_new_key();
  static const auto verifier = *auth::TokenVerifier::from_pems({signer.public_key_pem()});
  require(!verifier.verify(text, now).has_value(), "nobody guesses a token", text);
  if (!is_utf8(text)) return;  // claims are JSON, and names in them text
  // Claims that our own key signed, whatever they say.
  Principal who{};
  who.id = whole_characters(text, 64);
  who.permissions = {std::string(text)};
  const auto token = signer.sign(who, now);
  if (!token) return;
  const auto identity = verifier.verify(*token, now);
  require(!identity || (identity->who.id == who.id && identity->who.permissions == who.permissions),
          "a token says what was signed", text);
}

void check_encodings(std::string_view text) {
  require(auth::from_base64url(auth::to_base64url(text)) == text, "base64url gives the bytes back");
  if (const auto bytes = auth::from_base64url(text)) {
    require(auth::to_base64url(*bytes) == text, "bytes have one text", text);
  }
  if (text.empty() || text.size() > 3000) return;  // no text is none, and 4 KiB of it the longest that is read
  require(notifications::from_base64(notifications::to_base64(text)) == text, "base64 gives the bytes back");
}

void check_webhook(std::string_view text) {
  using namespace notifications;
  static const std::vector<WebhookSecret> ours = {*WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
  if (const auto secret = WebhookSecret::parse(text)) {
    const auto again = WebhookSecret::parse(secret->text());
    require(again && again->key() == secret->key(), "a secret written is that secret", text);
  }
  const auto parts = fuzz::parts_of(text, 3);
  require(!verify_webhook(ours, {parts[0], parts[1], parts[2]}, now, "{}"), "nobody guesses a signature", text);
  const auto headers = sign_webhook(ours, parts[0], now, parts[1]);
  require(!headers || verify_webhook(ours, *headers, now, parts[1]), "what was signed is verified", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto text = fuzz::text_of(data, size);
  check_token(text);
  check_encodings(text);
  check_webhook(text);
  if (const auto key = auth::parse_api_key(text)) {
    require(key->id.size() == auth::api_key_id_length && key->secret.size() == auth::api_key_secret_length,
            "a key has its lengths", text);
  }
  return 0;
}
