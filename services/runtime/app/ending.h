#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/core/call.h"

namespace holdfast::app {

// The end of a process: it has one deadline, whatever is in hand, for Kubernetes kills what takes longer.
//
// First every part is asked to take nothing new, so that no part claims work for the whole time that another takes to
// end its own. Then `drain` waits for the calls that run, and after it all parts are waited for at once. Whoever is not
// done at the deadline is left: what it had in hand is in the database or in Kafka as well, and is done again.
class Ending {
 public:
  struct Part {
    std::function<void()> request_stop;  // does not block
    std::function<void()> stop;          // blocks, on a thread of its own
  };

  // Asks the parts here and now; the rest goes on behind. What `drain` and the parts use must outlive this.
  Ending(const std::vector<Part>& parts, std::function<void()> drain);
  ~Ending() = default;  // waits for all

  // Blocks; whether all have ended.
  bool wait_until(Deadline deadline);

 private:
  void end(const std::vector<Part>& parts, const std::function<void()>& drain);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::jthread thread_;  // last: uses all of the above
};

}  // namespace holdfast::app
