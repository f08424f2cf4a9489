#pragma once

#include <boost/context/fiber.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::simulation {

using Nanoseconds = std::int64_t;

constexpr Nanoseconds microsecond = 1'000, millisecond = 1'000'000, second = 1'000'000'000;
constexpr Nanoseconds never = INT64_MAX;

// A seeded sequence (splitmix64): the same on every machine, as the standard's distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  // From `least` to `most`, both included.
  std::int64_t between(std::int64_t least, std::int64_t most);
  bool once_in(std::int64_t times) { return between(1, times) == 1; }

 private:
  std::uint64_t state_;
};

// One simulated program, by number; 0 are the servers: PostgreSQL's sessions.
using Process = int;

struct Fiber {
  boost::context::fiber context;  // of one that has begun, where it left; never unwound
  Process process = 0;
  std::uint64_t id = 0;
  std::function<void()> body;
  const void* waits_for = nullptr;
  Nanoseconds until = 0;
  bool ended = false;
  bool woken = false;
  // What the C++ runtime keeps a thread: exceptions in flight.
  void* caught_exceptions = nullptr;
  unsigned uncaught_exceptions = 0;
  std::string thread_locals;  // the program's own, while others run
};

// Everything that a seed decides: which thread runs next, when a message arrives, what breaks. All threads are fibers
// of the one thread that calls `run`; they change places only where they would block. Time stands still while one runs
// and jumps to the next moment at which anything can happen.
class World {
 public:
  explicit World(std::uint64_t seed, bool traced);

  // Of this process, from its making on; none before.
  static World* current();

  // Until `finished` says so, or nothing can ever happen again; false in that case.
  bool run(const std::function<bool()>& finished);

  std::uint64_t spawn(Process process, std::function<void()> body);
  // Waits for `wake` on the same address; false when `until` came first. Of a fiber alone.
  bool block(const void* on, Nanoseconds until);
  void let_pass(Nanoseconds length) { block(nullptr, now + length); }
  void wake(const void* on, int most = INT32_MAX);
  void join(std::uint64_t fiber);
  // What the kernel or the network does later.
  void at(Nanoseconds when, std::function<void()> happens);

  // As by SIGKILL: nothing of it ever runs again, no destructor either.
  void kill(Process process);
  void kill_fiber(std::uint64_t fiber);
  // As by SIGSTOP until then: its time goes on.
  void pause(Process process, Nanoseconds until);
  bool is_paused(Process process) const { return paused_until(process) > now; }

  Fiber* running() { return running_; }
  Process process() const { return running_ ? running_->process : 0; }

  // What happened, in the trace's hash and, if asked for, on standard error. Parts are texts and numbers: to build them
  // into one each time would cost more than most of what happens.
  template <class... Parts>
  void trace(const Parts&... parts) {
    line_.clear();
    (append(parts), ...);
    add_line();
  }
  std::uint64_t trace_hash() const { return trace_hash_; }

  Random random;
  Nanoseconds now = 1'800'000'000 * second;

 private:
  struct Happening {
    Nanoseconds when;
    std::uint64_t number;
    std::function<void()> happens;
    bool operator>(const Happening& other) const {
      return when != other.when ? when > other.when : number > other.number;
    }
  };

  // Whose turn it is, or, with nobody ready, when somebody will be.
  struct Turn {
    Fiber* fiber = nullptr;
    Nanoseconds next = never;
  };

  void enter();
  void append(std::string_view text) { line_ += text; }
  void append(std::integral auto number) { line_ += std::to_string(number); }
  void add_line();

  Nanoseconds paused_until(Process process) const;
  Nanoseconds ready_at(const Fiber& fiber) const;
  Turn pick();
  void bury();
  void load_thread_locals(Fiber& fiber);
  void resume(Fiber& fiber);
  void leave();
  void happen();

  const bool traced_;
  std::uint64_t trace_hash_ = 14695981039346656037U;
  std::string line_;  // of the trace
  std::uint64_t numbers_ = 0;
  boost::context::fiber scheduler_;
  Fiber* running_ = nullptr;
  Fiber* loaded_ = nullptr;                     // whose thread_locals are in place
  std::vector<std::unique_ptr<Fiber>> fibers_;  // alive
  std::vector<std::unique_ptr<Fiber>> dead_;    // what they left in memory, others may still point to
  bool has_ended_ = false;                      // one of those alive
  std::vector<Nanoseconds> paused_until_;
  Nanoseconds last_pause_ = 0;         // its end: nobody is paused then
  std::vector<Happening> happenings_;  // a heap, the first in front
};

}  // namespace holdfast::simulation
