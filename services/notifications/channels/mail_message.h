#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/time.h"
#include "runtime/core/uuid.h"

namespace holdfast::notifications {

constexpr size_t max_subject_bytes = 512;
constexpr size_t max_address_bytes = 254;
constexpr size_t max_display_name_bytes = 256;
constexpr size_t max_body_bytes = 512 * 1024;  // text and html each, and each attachment
constexpr size_t max_attachments = 4;

struct MailAddress {
  std::string display_name;  // UTF-8, may be empty
  std::string address;       // local@domain, ASCII; a domain beyond ASCII in its xn-- form
};

struct MailAttachment {
  std::string file_name;     // ASCII letters, digits, dot, hyphen, underscore
  std::string content_type;  // such as "text/calendar; charset=utf-8; method=PUBLISH"
  std::string content;
};

// One message to one person.
struct MailMessage {
  Uuid id;  // ours; becomes the Message-ID, so that a repeat after a lost answer can be recognised by whoever receives
            // it
  MailAddress from;
  MailAddress to;
  std::optional<MailAddress> reply_to;
  std::string subject;  // UTF-8, one line
  std::string text;     // UTF-8
  std::string html;     // UTF-8
  std::vector<MailAttachment> attachments;
};

// Refuses what must not reach a mail server: line breaks and control characters in anything that becomes a header,
// addresses that are none, bytes that are no UTF-8, what is over the limits above.
Result<Unit> check_mail(const MailMessage& message);

// The header lines of a message that check_mail passed, without those of the body's structure: RFC 5322, folded, with
// RFC 2047 words where a text is not plain ASCII. `date` is UTC.
std::vector<std::string> mail_headers(const MailMessage& message, Instant date);

std::string message_id(const MailMessage& message);

}  // namespace holdfast::notifications
