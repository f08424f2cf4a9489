#include "notifications/domain/retry_schedule.h"

#include <algorithm>
#include <cassert>

#include "runtime/core/mutant.h"

namespace holdfast::notifications {
namespace {

constexpr int too_many_requests = 429;
constexpr int service_unavailable = 503;
constexpr int gone = 410;

// Never sooner than our own step, or a wish of one second would spend all attempts within a minute.
std::chrono::seconds delay_after(int attempt_number, const Outcome& outcome) {
  const auto step = retry_delays.at(static_cast<size_t>(attempt_number - 1));
  const bool may_ask = outcome.status == too_many_requests || outcome.status == service_unavailable;
  if (!may_ask || !outcome.retry_after) return step;
  return std::clamp(*outcome.retry_after, step, longest_retry_after);
}

}  // namespace

Verdict after_attempt(int attempt_number, const Outcome& outcome, Instant now, const RandomFraction& random) {
  assert(attempt_number >= 1);
  const bool answered = outcome.status != 0 && mutant("webhooks.any_answer_will_do");
  if (answered || (outcome.status >= 200 && outcome.status <= 299)) return {Verdict::Kind::delivered, {}};
  if (outcome.status == gone) return {Verdict::Kind::disable, {}};
  if (attempt_number >= max_attempts) return {Verdict::Kind::dead_letter, {}};
  return {Verdict::Kind::retry, now + with_jitter(delay_after(attempt_number, outcome), random)};
}

}  // namespace holdfast::notifications
