#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "notifications/app/deliveries.h"
#include "notifications/channels/webhook_sender.h"
#include "notifications/sending/target_limits.h"
#include "notifications/sending/workers.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {

// Sends webhooks.
//
// A subscription's timer fires when one of its lanes is due. The firing claims deliveries, each the oldest of its lane,
// for as many workers as the target may have (TargetLimits); after its commit the workers post them, in no transaction,
// and record what came of it, which lets the timer fire again. A process that dies in between leaves the lease to end;
// then the delivery is attempted again with the same webhook-id.
class Dispatcher {
 public:
  struct Options {
    WebhookSettings sending;
    int workers = 32;
    int per_target = 4;
    std::chrono::milliseconds slow_after_ms{2000};  // an answer that takes longer is no prompt one
  };

  // Registers the timer's kind; `timers` is the system clock's, fires after this, and stops before stop(); workers wake
  // it until they have ended.
  Dispatcher(events::Transactor& transactor, const Webhooks& webhooks, timers::Timers& timers, const Options& options);
  ~Dispatcher() { stop(); }

  // Waits for the attempts that were claimed; each lasts as long as its timeout at most.
  void stop() { workers_.stop(); }

  std::int64_t delivered() const { return delivered_.load(std::memory_order_relaxed); }
  // Attempts that did not succeed.
  std::int64_t failed() const { return failed_.load(std::memory_order_relaxed); }

 private:
  struct Job {
    ClaimedDelivery claimed;
    std::string target;
  };

  Result<> fire(std::span<timers::Firing> slice);
  Result<> fire_one(timers::Firing& firing, TargetLimits& limits, int& free);
  void attempt(WebhookSender& sender, const Job& job);
  WebhookAttempt post(WebhookSender& sender, const ClaimedDelivery& claimed) const;
  WebhookAttempt post_within_limits(WebhookSender& sender, const Job& job);
  TargetLimits limits() const;
  void begin(const Job& job);

  events::Transactor& transactor_;
  const Webhooks& webhooks_;
  const Options options_;
  std::atomic<std::int64_t> delivered_{0};
  std::atomic<std::int64_t> failed_{0};
  mutable std::mutex mutex_;  // a leaf: guards the limits
  TargetLimits limits_;
  Workers<Job> workers_;  // last: its threads use all of the above
};

}  // namespace holdfast::notifications
