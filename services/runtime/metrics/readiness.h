#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/metrics/registration.h"

namespace holdfast::metrics {

// Whether this process should be sent work: every check says yes, and it is not on its way out. Any thread.
class Readiness {
 public:
  struct Verdict {
    std::string name;
    bool ready;
    std::string message;  // of the check that failed
  };

  struct Report {
    bool ready;
    bool draining;
    std::vector<Verdict> checks;
  };

  // Asked at each probe, on the admin server's thread: a check must not block (it reads what somebody else found out),
  // throw, or use this object. A name given twice is our own bug.
  Registration require(const std::string& name, std::function<Result<>()> check);

  // From now on not ready, for ever: traffic goes elsewhere while the last calls finish.
  void drain() { draining_.store(true, std::memory_order_relaxed); }

  Report report() const;

 private:
  std::atomic<bool> draining_{false};
  mutable std::mutex mutex_;
  std::map<std::string, std::function<Result<>()>> checks_;
};

}  // namespace holdfast::metrics
