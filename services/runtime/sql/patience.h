#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <stop_token>

#include "runtime/core/call.h"
#include "runtime/core/result.h"

namespace holdfast::sql {

// Ends a poll from another thread: `descriptor` is readable from `ring` to `quiet`. `ring` may be called by any thread
// and does not block. With too many files open there is none, -1, which poll passes over: what waits is not woken then.
class Wakeup {
 public:
  Wakeup() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Wakeup() { ::close(descriptor_); }
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  int descriptor() const { return descriptor_; }
  void ring() const noexcept { ::eventfd_write(descriptor_, 1); }
  void quiet() const noexcept {
    eventfd_t rung = 0;
    ::eventfd_read(descriptor_, &rung);
  }

 private:
  const int descriptor_;
};

// How long a session's work may take, and what stops it before. One thread.
class Patience {
 public:
  // From here on. A stop counts as the deadline, also for what is being waited for.
  void until(Deadline deadline, std::stop_token stop);

  // CANCELLED or DEADLINE_EXCEEDED, once it is so.
  Result<> may_begin() const;
  bool stopped() const { return stop_.stop_requested(); }
  // Blocks until something has happened on the socket; false when nothing had, `grace` after the deadline. Without
  // `silent_is_idle`, what is to be read may lie elsewhere while the socket is silent: true every 10 ms then.
  bool wait_for(int socket, short events, bool silent_is_idle);

  // The server's own statement_timeout, set from the same deadline as the transaction begins, counts anew for each
  // statement: it ends the first before this does, and leaves the session whole. A later one may be given up here.
  static constexpr std::chrono::milliseconds grace{250};

 private:
  struct Ring {
    const Wakeup& wakeup;
    void operator()() const noexcept { wakeup.ring(); }
  };

  void notice_stop();

  Deadline deadline_ = Deadline::max();
  std::stop_token stop_;
  Wakeup wakeup_;
  std::optional<std::stop_callback<Ring>> when_stopped_;  // until the stop was noticed
};

}  // namespace holdfast::sql
