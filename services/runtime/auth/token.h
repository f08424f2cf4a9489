#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/clock.h"
#include "runtime/core/result.h"

struct evp_pkey_st;

// Who is calling, as a signed statement that lives for five minutes: a compact JWS (RFC 7515) with Ed25519 (RFC 8037)
// and nothing to negotiate. Claims: iss, sub, agency, kind, permissions, iat, exp. The header names the key (kid) by
// its RFC 7638 thumbprint, so that rotating keys needs no list of names.
namespace holdfast::auth {

inline constexpr std::chrono::minutes token_lifetime{5};
// How far ahead of ours the signer's clock may be. Expiry has no such leeway.
inline constexpr std::chrono::seconds clock_leeway{30};
inline constexpr size_t token_limit_bytes = 4096;

using Key = std::shared_ptr<evp_pkey_st>;

// What a token states: who, and until when.
struct Identity {
  Principal who;
  Instant expires;
};

// Any thread: a signer does not change.
class TokenSigner {
 public:
  static Result<TokenSigner> from_pem(std::string_view private_key_pem);
  static Result<TokenSigner> from_file(const std::string& private_key_path);
  // A key that lives and dies with the process: enough where signer and verifiers are one process.
  static TokenSigner with_new_key();

  // The token for `who` from `now` on. Refused (field_too_long) when it would exceed token_limit_bytes.
  Result<std::string> sign(const Principal& who, Instant now) const;

  const std::string& key_id() const { return key_id_; }
  std::string private_key_pem() const;
  std::string public_key_pem() const;

 private:
  explicit TokenSigner(Key key);

  Key key_;
  std::string key_id_;
};

// Any thread: a verifier does not change.
class TokenVerifier {
 public:
  // Each PEM text holds one Ed25519 public key; several, so that keys can be rotated.
  static Result<TokenVerifier> from_pems(const std::vector<std::string>& public_key_pems);
  static Result<TokenVerifier> from_files(const std::vector<std::string>& public_key_paths);

  // About 100 µs of one core, hence the authenticator's cache. credentials_invalid, or token_expired when all but its
  // age is right.
  Result<Identity> verify(std::string_view token, Instant now) const;

 private:
  TokenVerifier() = default;

  std::map<std::string, Key, std::less<>> keys_;  // by key id
};

}  // namespace holdfast::auth
