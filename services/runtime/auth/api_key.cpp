#include "runtime/auth/api_key.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdlib>

namespace holdfast::auth {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Each character uniform over 62: bytes of 248 and more are thrown away, for 248 is the last multiple of 62.
std::string random_text(size_t length) {
  std::string text;
  text.reserve(length);
  while (text.size() < length) {
    std::array<unsigned char, 64> random{};
    // Without randomness there are no secrets: nothing sensible could follow.
    if (RAND_bytes(random.data(), random.size()) != 1) std::abort();
    for (const unsigned char byte : random) {
      if (byte < 248 && text.size() < length) text += base62[byte % 62];
    }
  }
  return text;
}

bool only_letters_and_digits(std::string_view text) { return text.find_first_not_of(base62) == std::string_view::npos; }

}  // namespace

NewApiKey make_api_key() {
  NewApiKey key;
  key.id = random_text(api_key_id_length);
  const std::string secret = random_text(api_key_secret_length);
  key.text = std::string(api_key_prefix) + key.id + "_" + secret;
  key.hash = hash_secret(secret);
  return key;
}

std::optional<ApiKeyParts> parse_api_key(std::string_view text) {
  if (text.size() != api_key_length || !text.starts_with(api_key_prefix)) return std::nullopt;
  const std::string_view id = text.substr(api_key_prefix.size(), api_key_id_length);
  const std::string_view rest = text.substr(api_key_prefix.size() + api_key_id_length);
  if (rest[0] != '_' || !only_letters_and_digits(id) || !only_letters_and_digits(rest.substr(1))) return std::nullopt;
  return ApiKeyParts{id, rest.substr(1)};
}

SecretHash hash_secret(std::string_view secret) {
  SecretHash hash{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), hash.data());
  return hash;
}

bool matches(std::string_view secret, const SecretHash& hash) {
  const SecretHash given = hash_secret(secret);
  return CRYPTO_memcmp(given.data(), hash.data(), hash.size()) == 0;
}

}  // namespace holdfast::auth
