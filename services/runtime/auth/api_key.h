#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::auth {

// A raw API key reads hfk_<22 characters: which key>_<43 characters: its secret>, letters and digits only, so that a
// double click selects all of it and secret scanners recognise it.
inline constexpr std::string_view api_key_prefix = "hfk_";
inline constexpr size_t api_key_id_length = 22;
inline constexpr size_t api_key_secret_length = 43;
inline constexpr size_t api_key_length = api_key_prefix.size() + api_key_id_length + 1 + api_key_secret_length;

// SHA-256. The secret carries 256 random bits: there is nothing to guess that a slow hash (bcrypt, argon2) would
// protect, and a slow hash would hand anybody a way to keep our processors busy.
using SecretHash = std::array<std::uint8_t, 32>;

struct NewApiKey {
  std::string id;    // public: to look the key up by, and to name it in logs
  std::string text;  // the whole key; shown once, kept nowhere
  SecretHash hash;   // what is kept
};

struct ApiKeyParts {
  std::string_view id;
  std::string_view secret;
};

NewApiKey make_api_key();

// Views into `text`; nothing when it does not have a key's shape.
std::optional<ApiKeyParts> parse_api_key(std::string_view text);

SecretHash hash_secret(std::string_view secret);

// Takes the same time wherever the two differ.
bool matches(std::string_view secret, const SecretHash& hash);

}  // namespace holdfast::auth
