#include "notifications/channels/mail_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "notifications/domain/base64.h"
#include "runtime/core/limits.h"
#include "runtime/core/utf8.h"

namespace holdfast::notifications {
namespace {

// A line with an encoded word has at most 76 characters (RFC 2047): "Reply-To: =?UTF-8?B?" + 52 of base64 + "?=".
constexpr size_t encoded_word_bytes = 39;

bool is_ascii_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

bool is_address_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool is_domain_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

bool has_empty_part(std::string_view dotted) {
  return dotted.empty() || dotted.front() == '.' || dotted.back() == '.' || dotted.find("..") != dotted.npos;
}

// The dot-atom form of RFC 5321; quoted local parts and address literals are not for us.
bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (text.size() > max_address_bytes || at == text.npos || at > 64) return false;
  const auto local = text.substr(0, at);
  const auto domain = text.substr(at + 1);
  return !has_empty_part(local) && !has_empty_part(domain) && std::ranges::all_of(local, is_address_character) &&
         std::ranges::all_of(domain, is_domain_character) && domain.front() != '-' && domain.back() != '-';
}

Result<Unit> check_header_text(const std::string& field, std::string_view text, size_t limit) {
  if (text.size() > limit) return too_long(field, limit);
  if (has_control_character(text)) return fail(Reason::field_invalid, field, "must be one line of text");
  if (!is_utf8(text)) return fail(Reason::text_not_utf8, field, "must be UTF-8");
  return Unit{};
}

Result<Unit> check_address(const std::string& field, const MailAddress& address) {
  if (!is_address(address.address))
    return fail(Reason::field_invalid, field, "must be an address such as ann@example.com");
  return check_header_text(field, address.display_name, max_display_name_bytes);
}

Result<Unit> check_body(const std::string& field, std::string_view text) {
  if (text.size() > max_body_bytes) return too_long(field, max_body_bytes);
  if (!is_utf8(text)) return fail(Reason::text_not_utf8, field, "must be UTF-8");
  return Unit{};
}

Result<Unit> check_attachment(const MailAttachment& attachment) {
  const auto is_name_character = [](char c) { return (is_domain_character(c) || c == '_'); };
  if (attachment.file_name.empty() || attachment.file_name.size() > 100 ||
      !std::ranges::all_of(attachment.file_name, is_name_character)) {
    return fail(Reason::field_invalid, "attachments.file_name", "must be a plain name such as deadline.ics");
  }
  if (attachment.content_type.empty() || !is_ascii_printable(attachment.content_type)) {
    return fail(Reason::field_invalid, "attachments.content_type", "must be a MIME type");
  }
  return check_body("attachments.content", attachment.content);
}

// Words that never part a character in two: a reader decodes each word by itself.
std::string encoded_words(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    const auto word = whole_characters(text, encoded_word_bytes);
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + to_base64(word) + "?=";
    text.remove_prefix(word.size());
  }
  return words;
}

// A line may have 998 characters; ours are within 78 where there is a space to fold at.
std::string folded(std::string_view name, std::string_view text) {
  constexpr size_t line_characters = 78;
  std::string lines = std::string(name) + ":";
  size_t used = lines.size();
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const bool fits = used + 1 + end <= line_characters || used == name.size() + 1;
    lines += fits ? " " : "\r\n ";
    used = (fits ? used : 0) + 1 + end;
    lines += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A text that looks like an encoded word must be encoded itself, or readers would decode it.
bool is_plain(std::string_view text) { return is_ascii_printable(text) && text.find("=?") == text.npos; }

// Two spaces in a row, or one at an end, would be lost in folding.
bool folds_safely(std::string_view text) {
  return text.find("  ") == text.npos && !text.starts_with(' ') && !text.ends_with(' ') &&
         std::ranges::all_of(text, [](char c) { return c != '\t'; });
}

std::string subject_line(std::string_view subject) {
  if (is_plain(subject) && folds_safely(subject)) return folded("Subject", subject);
  return "Subject: " + encoded_words(subject);
}

std::string address_line(std::string_view name, const MailAddress& address) {
  const std::string bracketed = "<" + address.address + ">";
  if (address.display_name.empty()) return fmt::format("{}: {}", name, address.address);
  if (!is_plain(address.display_name)) {
    return fmt::format("{}: {}\r\n {}", name, encoded_words(address.display_name), bracketed);
  }
  std::string quoted = "\"";
  for (const char c : address.display_name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("{}: {}\"\r\n {}", name, quoted, bracketed);
}

// RFC 5322 in English whatever the locale is.
std::string date_line(Instant date) {
  constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto midnight = std::chrono::floor<std::chrono::days>(date);
  const std::chrono::year_month_day day{midnight};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(date - midnight)};
  return fmt::format("Date: {}, {} {} {} {:02}:{:02}:{:02} +0000",
                     weekdays.at(std::chrono::weekday{midnight}.c_encoding()), static_cast<unsigned>(day.day()),
                     months.at(static_cast<unsigned>(day.month()) - 1), static_cast<int>(day.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace

Result<Unit> check_mail(const MailMessage& message) {
  CHECK_OK(check_address("from", message.from));
  CHECK_OK(check_address("to", message.to));
  if (message.reply_to) CHECK_OK(check_address("reply_to", *message.reply_to));
  if (message.subject.empty()) return fail(Reason::field_required, "subject", "a message needs a subject");
  CHECK_OK(check_header_text("subject", message.subject, max_subject_bytes));
  CHECK_OK(check_body("text", message.text));
  CHECK_OK(check_body("html", message.html));
  if (message.attachments.size() > max_attachments) {
    return fail(Reason::field_out_of_range, "attachments", fmt::format("at most {} attachments", max_attachments));
  }
  for (const auto& attachment : message.attachments) CHECK_OK(check_attachment(attachment));
  return Unit{};
}

std::string message_id(const MailMessage& message) {
  return fmt::format("<{}@{}>", to_string(message.id), message.from.address.substr(message.from.address.find('@') + 1));
}

std::vector<std::string> mail_headers(const MailMessage& message, Instant date) {
  std::vector<std::string> lines = {date_line(date), address_line("From", message.from),
                                    address_line("To", message.to)};
  if (message.reply_to) lines.push_back(address_line("Reply-To", *message.reply_to));
  lines.push_back(subject_line(message.subject));
  lines.push_back("Message-ID: " + message_id(message));
  lines.push_back("MIME-Version: 1.0");
  lines.push_back("Auto-Submitted: auto-generated");  // RFC 3834: keeps out-of-office answers from coming back
  return lines;
}

}  // namespace holdfast::notifications
