#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace holdfast::bench {

// What is asked, and by whom.
struct Asked {
  std::string address;
  std::string method;                                // "/holdfast.bench.EchoService/Queued"
  std::function<std::string(std::int64_t)> request;  // the bytes of the n-th
  std::string authorization;
  int in_flight = 64;
};

struct Answered {
  std::int64_t calls = 0;
  std::int64_t failed = 0;
  double seconds = 0;
  std::vector<double> latencies_ms;

  double per_second() const { return static_cast<double>(calls) / seconds; }
};

// A closed loop: so many calls are always under way. One thread, this one. Throws when a call fails.
Answered ask_for(const Asked& asked, std::chrono::milliseconds time);
Answered ask_times(const Asked& asked, std::int64_t calls);
// One call; the answer's bytes.
std::string ask_once(const Asked& asked);

}  // namespace holdfast::bench
