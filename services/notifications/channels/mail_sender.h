#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "notifications/channels/mail_message.h"
#include "notifications/domain/mail_outcome.h"
#include "runtime/core/result.h"

namespace holdfast::notifications {

enum class MailEncryption {
  starttls_required,      // no TLS, no mail: the default
  starttls_when_offered,  // for a relay on the same host
  implicit_tls            // from the first byte, port 465
};

struct MailSettings {
  std::string host;
  std::uint16_t port = 587;
  MailEncryption encryption = MailEncryption::starttls_required;
  std::string user;      // empty: no sign-in
  std::string password;  // from a secret; never logged
  std::string ca_file;   // a PEM file of authorities instead of the system's; empty: the system's
  std::chrono::milliseconds connect_timeout_ms{10'000};
  std::chrono::milliseconds total_timeout_ms{60'000};
};

// Hands mail to an SMTP server. One sender belongs to one worker thread, which blocks for at most total_timeout_ms a
// call; its connection stays open for the next message.
//
// When the connection breaks after the content and before the server's reply, nobody knows whether it was sent: the
// outcome is try_again, and the repeat carries the same Message-ID. Losing a reminder is worse than sending it twice.
class MailSender {
 public:
  // Refuses settings that would send a password in the clear.
  static Result<MailSender> create(MailSettings settings);
  MailSender(MailSender&&) noexcept;
  MailSender& operator=(MailSender&&) noexcept;
  ~MailSender();

  // `date` is the system clock's. Never throws.
  MailOutcome send(const MailMessage& message, Instant date) noexcept;

 private:
  struct State;
  explicit MailSender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace holdfast::notifications
