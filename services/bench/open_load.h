#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace holdfast::bench {

// What is asked, by callers who do not wait for each other: an open loop, as a crowd is.
struct Offered {
  std::string address;
  std::string method;
  std::string request;
  std::string authorization;
  double per_second = 0;
  std::chrono::milliseconds patience{250};  // the deadline of each call
};

// What became of one call.
struct Outcome {
  double began_s = 0;  // since the first
  double took_ms = 0;
  bool answered = false;  // OK, and within its deadline
  bool refused = false;   // RESOURCE_EXHAUSTED, with RetryInfo
};

// In the order in which they ended. One thread, this one; it blocks until the last has ended.
std::vector<Outcome> offer(const Offered& offered, std::chrono::milliseconds time);

}  // namespace holdfast::bench
