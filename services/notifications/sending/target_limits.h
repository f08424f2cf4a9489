#pragma once

#include <map>
#include <string>

namespace holdfast::notifications {

// How many attempts may be under way at once, so that a target that does not answer holds up itself alone:
//
// - a target has at most `per_target` of them, and one while its last attempt brought no answer;
// - all targets whose last attempt brought no answer have at most half of the workers together.
//
// So however many targets hang, half of the workers serve those that answer. Of a process: several processes each have
// their own. One thread at a time.
class TargetLimits {
 public:
  TargetLimits(int workers, int per_target) : workers_(workers), per_target_(per_target) {}

  int allowed(const std::string& target) const;
  void begin(const std::string& target);
  void end(const std::string& target, bool answered);

 private:
  struct Target {
    int under_way = 0;
    bool silent = false;  // its last attempt brought no answer
  };

  int workers_;
  int per_target_;
  int under_way_ = 0;
  int silent_under_way_ = 0;
  std::map<std::string, Target, std::less<>> targets_;  // with attempts under way, or silent: at most max_remembered
};

}  // namespace holdfast::notifications
