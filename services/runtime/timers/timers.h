#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/core/clock.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::timers {

struct Claimed;
struct Earliest;

// One subject whose timer has come, within a slice.
struct Firing {
  Uuid subject;
  Instant due;               // its next_due: when it should have fired; after an outage long before unit.now
  Instant now;               // by the clock of these timers; unit.now is the business clock's, as everywhere
  events::UnitOfWork& unit;  // of the subject's agency, in the transaction of the whole slice
  std::optional<Instant> next_due = std::nullopt;  // to be filled in; nothing: the timer is removed
};

// Does all that is due for one subject: loads its state, advances it, stores it, publishes each fact with its own
// effective instant; returns when something is due next, or nothing to remove the timer.
using Fire = std::function<Result<std::optional<Instant>>(events::UnitOfWork& unit, Uuid subject, Instant now)>;
// The same for many subjects at once, all in one transaction.
using FireSlice = std::function<Result<>(std::span<Firing> slice)>;
// How many subjects could be fired now.
using Capacity = std::function<std::int64_t()>;

struct Backlog {
  std::string kind;
  std::int64_t due = 0;      // counted up to max_counted
  double late_seconds = 0;   // by how much the oldest of them is late
  std::int64_t failing = 0;  // subjects whose last firing failed
};

// Makes happen what is due: one row a subject, with the instant at which anything is due for it next.
//
// A slice of due subjects, oldest first, of all agencies, is claimed (FOR UPDATE SKIP LOCKED), fired and given its next
// instants in one transaction: a crash leaves nothing of it, and several processes may run the same kind. What a firing
// does is done once for each commit; that it is the *same* firing (this term's 90-day reminder) only its own ledger can
// know, by a unique key: a subject may be set anew, by anybody, for what has been fired before.
//
// While more is due than a slice holds, slices grow, and helpers fire beside the first thread: several slices are then
// under way at once, so that what is fired for two subjects may be committed in another order than they were due.
//
// When a slice fails, its subjects are fired one by one. One that fails alone is put back by 1 s, then 2, 4 … 300 s,
// and fired alone until it succeeds; the others never wait for it.
//
// Each kind lives by one clock: a Timers has the business clock or the system clock. `sweepers` threads of its own.
class Timers {
 public:
  struct Options {
    std::string name = "timers";                 // who works, in logs and as the principal of its calls
    std::int64_t slice_subjects = 200;           // and more, up to the next, while there is a backlog
    std::int64_t largest_slice_subjects = 1000;  // how many a command may have to wait for
    int sweepers = 1;  // threads that work off a backlog; with more than one, firings run beside each other
    std::chrono::milliseconds poll{50};         // longest wait between two looks: a moved clock is noticed by then
    std::chrono::milliseconds patience{30000};  // for one slice
  };

  Timers(events::Transactor& transactor, const Clock& clock, Options options);
  ~Timers() { stop(); }

  // Before start. A kind names its rows: never reuse it for another effect.
  void on(std::string kind, Fire fire);
  // Given the whole slice, and shown all of its agencies: for kinds that count over a slice. These slices do not grow,
  // and hold no more than `capacity` says just before; at 0 nothing is claimed, until wake() or the next look. With a
  // capacity, one sweeper.
  void on_slice(std::string kind, FireSlice fire, Capacity capacity = {});
  // Given a slice in parts of few agencies, and shown only these: for kinds that come in masses and are fired by a few
  // statements.
  void on_parts(std::string kind, FireSlice fire);
  void start();
  // Claims nothing more; what is claimed is fired. Any thread, once started; does not block.
  void request_stop() {
    stopping_ = true;
    for (auto& sweeper : sweepers_) sweeper.thread.request_stop();
  }
  // Nothing is fired any more; waits, at most for the firings in hand. Whoever works on what was fired may still call
  // wake().
  void stop();

  // A hint that something was set that is due, so that this process need not wait for its next look: for a unit's
  // hints. Any thread; looking is the truth.
  void wake();

  // Sets when the subject is due next, nullopt: never. In the caller's own transaction; travels with its commit, where
  // the last word counts. The subject of a firing is due when that says, whatever was set within its slice.
  static void set(events::UnitOfWork& unit, std::string_view kind, Uuid subject, std::optional<Instant> next_due);
  // Only if no timer of the subject is set. For what many set alike: they do not wait for each other's commits. A
  // firing does not see who comes meanwhile, so such a timer is not removed by a look at what is left.
  static void set_if_none(events::UnitOfWork& unit, std::string_view kind, Uuid subject, Instant next_due);

  // Fires one slice of a kind of this object: how many subjects were taken off what is due, by being fired or put back.
  // Any thread; blocks. Fails only when the database does.
  Result<size_t> fire_due(std::string_view kind);

  // The earliest instant at which a subject of any kind is due, past or future. Subjects that fail are left out: a
  // clock that steps from due instant to due instant must not step through their retries.
  Result<std::optional<Instant>> next_due();

  // One row a kind, for metrics. Its cost is in what is due, up to max_counted.
  Result<std::vector<Backlog>> backlog();
  // The backlog of a kind as this object's thread counted it, at most `count_every` ago; nothing while the database
  // does not answer. Any thread; does not block.
  std::optional<Backlog> counted(std::string_view kind) const;
  std::int64_t fired() const { return fired_.load(std::memory_order_relaxed); }
  std::int64_t failed() const { return failed_.load(std::memory_order_relaxed); }  // firings that were put back

  static constexpr std::int64_t max_counted = 10000;
  std::vector<std::string> kinds() const;  // their names

 private:
  struct Kind {
    std::string name;
    FireSlice fire;
    bool in_parts;
    Capacity capacity;  // none: without limit
  };
  // What one thread knows of a kind.
  struct Place {
    Instant from;             // where its looks begin: what lies before has been fired
    std::int64_t slice_size;  // of its next slice
  };
  struct Sweeper {
    std::vector<Place> places;  // by kind
    std::chrono::steady_clock::time_point look_at_all_at{};
    std::jthread thread;
  };
  struct Slice {
    size_t settled = 0;  // fired or put back
    Instant reached;     // nothing that was there before the slice is due before this
    bool more = false;   // is due than was claimed
  };

  void run(Sweeper& sweeper, bool leads, const std::stop_token& stop);
  Result<Duration> round_guarded(Sweeper& sweeper, bool leads);
  void count();
  Result<Duration> round(Sweeper& sweeper);
  Result<std::vector<Earliest>> look(const std::vector<std::string>& kinds, const std::vector<Instant>& from);
  Result<Slice> sweep(const Kind& kind, Place& place);
  Result<Slice> fire_from(const Kind& kind, Instant from, std::int64_t limit);
  Result<Slice> fire_each(const Kind& kind, Instant from, size_t count);
  Result<Slice> fire_slice(const Kind& kind, Instant from, std::int64_t limit, std::vector<Claimed>& claimed);
  Result<> put_back(const Kind& kind, const Claimed& claimed, const Error& error);
  void ask_for_help(const Sweeper& sweeper);
  Sweeper new_sweeper() const;
  Call call() const;

  events::Transactor& transactor_;
  const Clock& clock_;
  const Options options_;
  std::vector<Kind> kinds_;
  std::chrono::steady_clock::time_point count_at_{};  // of the thread that leads
  mutable std::mutex counted_mutex_;                  // a leaf
  std::vector<Backlog> counted_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::int64_t> fired_{0};
  std::atomic<std::int64_t> failed_{0};
  std::mutex mutex_;  // of the waits alone: guards the four below
  std::condition_variable_any woken_;
  bool hint_ = false;             // for the thread that leads
  int help_ = 0;                  // helpers that are asked for and have not come yet
  std::vector<Place> begun_;      // where helpers begin
  std::deque<Sweeper> sweepers_;  // last: their threads use all of the above; the first leads
};

}  // namespace holdfast::timers
