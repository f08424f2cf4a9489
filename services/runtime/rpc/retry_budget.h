#pragma once

#include <atomic>

namespace holdfast::rpc {

// How many repeats a client may add to its calls: a tenth of them, and ten that it is given to begin with or has saved.
// So a peer that fails all is asked a tenth more often, not three times as often, just when it can bear it least. A
// token bucket, as in gRPC's retry throttling (gRFC A6). Any thread; a leaf.
class RetryBudget {
 public:
  void called() {
    int tokens = tokens_.load(std::memory_order_relaxed);
    while (tokens < most && !tokens_.compare_exchange_weak(tokens, tokens + call_earns, std::memory_order_relaxed)) {
    }
  }

  // Whether one more may go out now; then it has been paid for.
  bool take() {
    int tokens = tokens_.load(std::memory_order_relaxed);
    while (tokens >= repeat_costs) {
      if (tokens_.compare_exchange_weak(tokens, tokens - repeat_costs, std::memory_order_relaxed)) return true;
    }
    return false;
  }

 private:
  static constexpr int call_earns = 1, repeat_costs = 10, most = 10 * repeat_costs;

  std::atomic<int> tokens_{most};
};

}  // namespace holdfast::rpc
