#include "runtime/auth/authenticator.h"

#include <strings.h>

#include <algorithm>

#include "runtime/auth/api_key.h"

namespace holdfast::auth {
namespace {

constexpr std::string_view scheme = "Bearer ";

Result<std::string_view> credential_in(std::string_view authorization) {
  if (authorization.empty()) return fail(Reason::credentials_missing, "the request carries no credentials");
  // RFC 9110: the scheme's case does not matter.
  if (authorization.size() <= scheme.size() || strncasecmp(authorization.data(), scheme.data(), scheme.size()) != 0) {
    return fail(Reason::credentials_invalid, "the authorization does not read 'Bearer <key or token>'");
  }
  const std::string_view credential = authorization.substr(scheme.size());
  if (credential.size() > token_limit_bytes) {
    return fail(Reason::credentials_invalid, "the credential is longer than any key or token");
  }
  return credential;
}

bool is_api_key(std::string_view credential) { return credential.starts_with(api_key_prefix); }

}  // namespace

struct Authenticator::Exchange {
  std::condition_variable done;
  std::optional<Result<Who>> answer;  // under the authenticator's mutex
};

Authenticator::Authenticator(TokenVerifier verifier, const Clock& clock, ExchangeKey exchange)
    : verifier_(std::move(verifier)),
      clock_(clock),
      exchange_key_(std::move(exchange)),
      accepted_(accepted_limit / CredentialCache::ways),
      refused_(refused_limit / CredentialCache::ways) {}

std::optional<Result<Who>> Authenticator::recall(std::string_view authorization) const {
  const auto credential = credential_in(authorization);
  if (!credential) return Result<Who>(credential.error());
  const Instant now = clock_.now();
  if (auto known = accepted_.find(*credential, now)) return known;
  if (!is_api_key(*credential)) return std::nullopt;
  if (!exchange_key_ || !parse_api_key(*credential)) {
    return Result<Who>(fail(Reason::credentials_invalid, "this is no API key of this installation"));
  }
  return refused_.find(*credential, now);
}

Result<Who> Authenticator::authenticate(std::string_view authorization, const Call& call) {
  if (auto known = recall(authorization)) return *std::move(known);
  const std::string_view credential = TRY(credential_in(authorization));
  return is_api_key(credential) ? exchange_once(credential, call) : verify(credential);
}

Result<Who> Authenticator::verify(std::string_view token) {
  auto identity = TRY(verifier_.verify(token, clock_.now()));
  const Result<Who> judgement(std::make_shared<const Principal>(std::move(identity.who)));
  accepted_.keep(token, judgement, identity.expires);
  return judgement;
}

// Blocks for exchange_patience at most when it asks itself, until the call's deadline when another thread asks.
Result<Who> Authenticator::exchange_once(std::string_view key, const Call& call) {
  std::unique_lock lock(mutex_);
  const auto found = exchanges_.find(key);
  if (found != exchanges_.end()) {
    const std::shared_ptr<Exchange> other = found->second;
    other->done.wait_until(lock, call.deadline, [&] { return other->answer.has_value(); });
    if (other->answer) return *other->answer;
    return fail(Reason::deadline_exceeded, "the API key could not be checked in time");
  }
  // Another thread's exchange may have ended between this one's recall() and the lock.
  const Instant now = clock_.now();
  if (auto known = accepted_.find(key, now)) return *std::move(known);
  if (auto known = refused_.find(key, now)) return *std::move(known);

  const auto own = std::make_shared<Exchange>();
  const auto entry = exchanges_.emplace(std::string(key), own).first;
  lock.unlock();
  Result<Who> answer = exchange(key, call);
  lock.lock();
  own->answer = answer;
  exchanges_.erase(entry);
  own->done.notify_all();
  return answer;
}

Result<Who> Authenticator::exchange(std::string_view key, const Call& call) try {
  Call asking = call;
  // Not the caller's deadline: others may be waiting for the same answer with more patience.
  asking.deadline = std::chrono::steady_clock::now() + exchange_patience;
  asking.stop = {};
  auto token = exchange_key_(asking, key);
  const Instant now = clock_.now();
  if (!token) {
    Error error = std::move(token).error();
    if (error.code() == Code::unauthenticated) refused_.keep(key, error, now + refusal_lifetime);
    return error;
  }
  auto identity = TRY(verifier_.verify(*token, now));
  const Result<Who> judgement(std::make_shared<const Principal>(std::move(identity.who)));
  accepted_.keep(key, judgement, std::min<Instant>(identity.expires, now + key_lifetime));
  return judgement;
} catch (const std::exception& exception) {
  return fail(Reason::internal, std::string("exchanging an API key: ") + exception.what());
}

}  // namespace holdfast::auth
