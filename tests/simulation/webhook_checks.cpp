#include "webhook_checks.h"

#include <algorithm>
#include <set>
#include <utility>

#include "scenario.h"

namespace holdfast::simulation {
namespace {

// R74, as docs/rules.md has it: seconds after the first failure, the second, and so on.
constexpr std::int64_t steps[] = {10, 60, 300, 1'800, 7'200, 21'600, 43'200, 86'400, 86'400};
constexpr std::int64_t attempts_in_all = std::ssize(steps) + 1;
constexpr std::int64_t longest_step = 86'400;
// A tenth is jitter. A retry may have to wait until those are through who dawdle as well; who answers at once waits for
// those at most who answered at once until a moment ago.
constexpr Nanoseconds longest_turn = 600 * second, longest_turn_of_neighbour = 60 * second;
// PostgreSQL counts from 2000-01-01.
constexpr Nanoseconds postgres_epoch = 946'684'800 * second;

Nanoseconds instant_of(std::int64_t timestamp) { return timestamp * microsecond + postgres_epoch; }

class Checks {
 public:
  explicit Checks(const WebhookRecords& records) : records_(records) {
    for (const auto& exchange : records.exchanges) {
      const auto& subscription = records.subscriptions.at(exchange.url);
      exchanges_[{subscription, stored(*parse_uuid(exchange.webhook_id))}].push_back(&exchange);
      if (exchange.reaction.status == 410) gone_.insert(subscription);
    }
  }

  std::vector<std::string> faults() {
    for (const auto& [id, row] : records_.store.tables.deliveries) check(row);
    return faults_;
  }

 private:
  using Sent = std::vector<const Exchange*>;

  void expect(bool is_so, const std::string& fault, const DeliveryRow& row) {
    if (!is_so && faults_.size() < 20) faults_.push_back(fault + ": delivery " + std::to_string(row.position));
  }

  void check(const DeliveryRow& row) {
    const auto& sent = exchanges_[{row.subscription, row.event}];
    const bool is_taken = std::ranges::any_of(sent, [](const auto* one) { return one->reaction.is_success(); });
    expect(row.ended_at.has_value(), "left over", row);
    expect(row.state != "delivered" || is_taken, "delivered, and nobody said yes", row);
    expect(row.state != "deadLettered" || row.attempts == attempts_in_all, "given up before its time", row);
    expect(row.attempts <= attempts_in_all, "attempted too often", row);
    for (size_t place = 0; place + 1 < sent.size(); ++place) {
      const bool is_through = sent[place]->heard_at && sent[place]->reaction.is_success();
      const auto again = sent[place + 1]->when;
      expect(again >= sent[place]->until || !records_.is_calm(sent[place]->when, again), "sent twice at once", row);
      expect(!is_through || !records_.is_calm(*sent[place]->heard_at, again), "sent again", row);
    }
    if (!gone_.contains(row.subscription)) check_schedule(row, sent);
    const auto made = instant_of(integer_of(row.created_at));
    if (row.subscription != records_.neighbour || sent.empty()) return;
    expect(sent[0]->when - made <= longest_turn_of_neighbour || !records_.is_calm(made, sent[0]->when),
           "held up by others", row);
  }

  // From the end of each attempt to the next, if both were recorded.
  void check_schedule(const DeliveryRow& row, const Sent& sent) {
    const auto& attempts = records_.store.tables.attempts;
    for (std::int64_t number = 1; number < attempts_in_all; ++number) {
      const auto before = attempts.find({row.id, number}), after = attempts.find({row.id, number + 1});
      if (before == attempts.end() || after == attempts.end()) continue;
      const auto begun = instant_of(before->second.at), again = instant_of(after->second.at);
      const auto ended = begun + before->second.duration_ms * millisecond;
      const auto wait = wait_of(number, sent, begun, again);
      expect(again >= ended + wait, "too early for attempt " + std::to_string(number + 1), row);
      expect(again <= ended + wait + wait / 10 + longest_turn || !records_.is_calm(begun, again),
             "too late for attempt " + std::to_string(number + 1), row);
    }
  }

  // The schedule's step, or what its target asked for with 429 or 503.
  static Nanoseconds wait_of(std::int64_t number, const Sent& sent, Nanoseconds begun, Nanoseconds again) {
    auto wait = steps[number - 1];
    for (const auto* one : sent) {
      if (one->when < begun || one->when >= again || !one->heard_at) continue;
      const auto status = one->reaction.status;
      if (status != 429 && status != 503) continue;
      wait = std::clamp(one->reaction.retry_after_seconds, wait, longest_step);
    }
    return wait * second;
  }

  const WebhookRecords& records_;
  std::map<std::pair<std::string, std::string>, Sent> exchanges_;  // by subscription and event
  std::set<std::string> gone_;  // subscriptions that a person has brought back, whose retries then begin at once
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> faults_of_webhooks(const WebhookRecords& records) { return Checks(records).faults(); }

}  // namespace holdfast::simulation
