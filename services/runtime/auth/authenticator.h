#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/auth/credential_cache.h"
#include "runtime/auth/token.h"

namespace holdfast::auth {

// Asks whoever owns the API keys for a token in exchange for one. Blocks, until the call's deadline at most. A refusal
// of the key is credentials_invalid; any other error says that nobody could be asked.
using ExchangeKey = std::function<Result<std::string>(const Call& call, std::string_view api_key)>;

// Tells from an `authorization` header who is calling. Any thread.
class Authenticator {
 public:
  static constexpr std::chrono::seconds key_lifetime{60};     // how long a revoked key may still work
  static constexpr std::chrono::seconds refusal_lifetime{5};  // how long a new key may still be refused
  static constexpr std::chrono::seconds exchange_patience{2};
  static constexpr size_t accepted_limit = 4096;
  static constexpr size_t refused_limit = 512;  // apart, so that a flood of wrong keys pushes out no good ones

  // Without `exchange`, API keys are refused and only tokens are accepted. `clock` is the system's.
  Authenticator(TokenVerifier verifier, const Clock& clock, ExchangeKey exchange = {});

  // What is known at once; nothing when authenticate() would have to compute or ask. About 100 ns, never blocks.
  std::optional<Result<Who>> recall(std::string_view authorization) const;

  // As recall(), else verifies the token (about 100 µs) or exchanges the API key (one exchange a key at a time; the
  // others wait for its answer until their own deadline). Not for gRPC's threads.
  Result<Who> authenticate(std::string_view authorization, const Call& call);

 private:
  struct Exchange;

  Result<Who> verify(std::string_view token);
  Result<Who> exchange_once(std::string_view key, const Call& call);
  Result<Who> exchange(std::string_view key, const Call& call);

  TokenVerifier verifier_;
  const Clock& clock_;
  ExchangeKey exchange_key_;
  CredentialCache accepted_;
  CredentialCache refused_;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Exchange>, std::less<>> exchanges_;  // under way, by key
};

}  // namespace holdfast::auth
