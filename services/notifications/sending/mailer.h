#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "notifications/app/messages.h"
#include "notifications/channels/mail_sender.h"
#include "notifications/sending/workers.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {

// Sends what the ledger holds.
//
// A message's timer fires when its next attempt is due. The firing claims the message: one transaction counts the
// attempt and leaves the timer at the lease's end. After its commit one of a few worker threads hands the mail to the
// SMTP server, in no transaction, and records the outcome in another. Timers fire for workers that are free alone, so a
// server that takes a minute a mail keeps workers waiting and messages in the database, untouched, and nothing else.
//
// A process that dies in between leaves the lease to end; then the message is sent again. If it died after the server
// had taken the mail, it arrives twice, with the same Message-ID: losing a warning is worse than repeating it.
class Mailer {
 public:
  struct Options {
    MailSettings server;
    MailAddress from;
    int workers = 4;
  };

  // Each worker has a connection of its own. Refuses settings that MailSender refuses. Registers the timer's kind;
  // `timers` is the system clock's, fires after this, and stops before stop(); workers wake it until they have ended.
  static Result<std::unique_ptr<Mailer>> start(events::Transactor& transactor, const Clock& system_clock,
                                               timers::Timers& timers, const Options& options);
  ~Mailer() { stop(); }

  // Waits for the attempts that were claimed; each lasts as long as the server's timeout at most.
  void stop() { workers_.stop(); }

  std::int64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  // Attempts that did not succeed.
  std::int64_t failed() const { return failed_.load(std::memory_order_relaxed); }

 private:
  Mailer(events::Transactor& transactor, const Clock& system_clock, timers::Timers& timers, const Options& options)
      : transactor_(transactor), clock_(system_clock), options_(options), workers_([&timers] { timers.wake(); }) {}

  Result<> fire(std::span<timers::Firing> slice);
  void send(MailSender& sender, const ClaimedMail& mail);
  MailMessage compose(const ClaimedMail& mail) const;

  events::Transactor& transactor_;
  const Clock& clock_;
  const Options options_;
  std::atomic<std::int64_t> sent_{0};
  std::atomic<std::int64_t> failed_{0};
  Workers<ClaimedMail> workers_;  // last: its threads use all of the above
};

}  // namespace holdfast::notifications
