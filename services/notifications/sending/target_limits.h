#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace holdfast::notifications {

// How many attempts may be under way at once, so that a target that hangs or dawdles holds up itself alone:
//
// - a target has at most `per_target` of them, and one until it has answered promptly, last time and here;
// - all targets that did not, last time, have at most half of the workers together;
// - those and the ones of which nothing is known yet have at most three quarters.
//
// So however many targets hang, a quarter of the workers serves those that answer, and another those that are new.
// Targets that were prompt and begin to hang at the same moment count as such until their attempts end. Of a process:
// several processes each have their own. One thread at a time.
class TargetLimits {
 public:
  TargetLimits(int workers, int per_target) : workers_(workers), per_target_(per_target) {}

  int allowed(const std::string& target) const;
  void begin(const std::string& target);
  void end(const std::string& target, bool promptly);

  // What was begun for a target, ended whatever happens: an attempt that throws was no prompt one.
  class Turn {
   public:
    // `mutex` guards the limits.
    Turn(TargetLimits& limits, std::mutex& mutex, std::string target)
        : limits_(limits), mutex_(mutex), target_(std::move(target)) {}
    ~Turn() {
      const std::lock_guard lock(mutex_);
      limits_.end(target_, promptly_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    void was_prompt() { promptly_ = true; }

   private:
    TargetLimits& limits_;
    std::mutex& mutex_;
    const std::string target_;
    bool promptly_ = false;
  };

 private:
  enum class Standing : size_t { unknown, prompt, slow };
  struct Target {
    int under_way = 0;
    Standing standing = Standing::unknown;  // by its last attempt
  };

  int under_way(Standing standing) const { return under_way_[static_cast<size_t>(standing)]; }
  void count(Standing standing, int more) { under_way_[static_cast<size_t>(standing)] += more; }

  int workers_;
  int per_target_;
  std::array<int, 3> under_way_{};                      // by the standing of their targets
  std::map<std::string, Target, std::less<>> targets_;  // at most max_remembered besides those with attempts under way
};

}  // namespace holdfast::notifications
