#include "notifications/channels/mail_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>

#include "notifications/channels/curl_handle.h"

namespace holdfast::notifications {
namespace {

constexpr size_t max_reply_bytes = 512;

// Quoted-printable is made of lines that end in CRLF; a lone LF would be sent as a coded character.
std::string with_crlf(std::string_view text) {
  std::string lines;
  lines.reserve(text.size() + text.size() / 40);
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') lines += '\r';
    lines += c;
  }
  return lines;
}

void check(CURLcode code) {
  if (code != CURLE_OK) throw std::bad_alloc();  // the only way these calls fail
}

curl_mimepart* add_part(curl_mime* to) {
  auto* part = curl_mime_addpart(to);
  if (part == nullptr) throw std::bad_alloc();
  return part;
}

void add_text(curl_mime* to, const std::string& text, const char* type) {
  auto* part = add_part(to);
  const auto lines = with_crlf(text);
  check(curl_mime_data(part, lines.data(), lines.size()));
  check(curl_mime_type(part, type));
  check(curl_mime_encoder(part, "quoted-printable"));
}

void add_attachment(curl_mime* to, const MailAttachment& attachment) {
  auto* part = add_part(to);
  check(curl_mime_data(part, attachment.content.data(), attachment.content.size()));
  check(curl_mime_type(part, attachment.content_type.c_str()));
  check(curl_mime_encoder(part, "base64"));
  check(curl_mime_filename(part, attachment.file_name.c_str()));
}

// mixed( alternative( text, html ), attachment... ); the last alternative is the one that readers prefer.
CurlMime body_of(CURL* handle, const MailMessage& message) {
  CurlMime mixed(curl_mime_init(handle));
  CurlMime alternative(curl_mime_init(handle));
  if (!mixed || !alternative) throw std::bad_alloc();
  add_text(alternative.get(), message.text, "text/plain; charset=utf-8");
  add_text(alternative.get(), message.html, "text/html; charset=utf-8");
  auto* part = add_part(mixed.get());
  check(curl_mime_subparts(part, alternative.get()));
  static_cast<void>(alternative.release());  // the part owns it now
  check(curl_mime_type(part, "multipart/alternative"));
  for (const auto& attachment : message.attachments) add_attachment(mixed.get(), attachment);
  return mixed;
}

// curl passes the server's reply lines here; the last one is what the ledger keeps. 221 only answers our own QUIT.
size_t take_reply(char* bytes, size_t, size_t count, void* user) noexcept {
  std::string_view line(bytes, count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (!line.starts_with("221")) static_cast<std::string*>(user)->assign(line.substr(0, max_reply_bytes));
  return count;
}

// 530 to 538 say that we did not sign in as the server wants: the operator can mend that, the message is innocent.
bool is_sign_in_reply(long status) { return status >= 530 && status <= 538; }

MailOutcome::Kind kind_of(CURLcode code, long status, bool content_offered) {
  if (code == CURLE_OK) return MailOutcome::Kind::sent;
  // curl's codes for a reply to MAIL, RCPT or DATA, and for the reply to the content. The second code also stands for a
  // server that refuses to talk at all, which says nothing about the message.
  const bool about_message = code == CURLE_SEND_ERROR || (code == CURLE_WEIRD_SERVER_REPLY && content_offered);
  if (about_message && status >= 500 && status <= 599 && !is_sign_in_reply(status)) return MailOutcome::Kind::refused;
  return MailOutcome::Kind::try_again;
}

}  // namespace

struct MailSender::State {
  MailSettings settings;
  CurlHandle handle = new_curl_handle();

  MailOutcome send(const MailMessage& message, Instant date);
  void prepare(const MailMessage& message);
};

void MailSender::State::prepare(const MailMessage& message) {
  CURL* curl = handle.get();
  curl_easy_reset(curl);
  set_common_options(curl, settings.ca_file, settings.connect_timeout_ms.count(), settings.total_timeout_ms.count());
  const bool implicit = settings.encryption == MailEncryption::implicit_tls;
  const bool optional = settings.encryption == MailEncryption::starttls_when_offered;
  // The path is the name we greet with: the sender's domain, since a pod's host name is none that relays accept.
  const auto domain = message.from.address.substr(message.from.address.find('@') + 1);
  const auto url = fmt::format("{}://{}:{}/{}", implicit ? "smtps" : "smtp", settings.host, settings.port, domain);
  set_option(curl, CURLOPT_URL, url.c_str());
  set_option(curl, CURLOPT_PROTOCOLS_STR, implicit ? "smtps" : "smtp");
  set_option(curl, CURLOPT_USE_SSL, static_cast<long>(optional ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!settings.user.empty()) {
    set_option(curl, CURLOPT_USERNAME, settings.user.c_str());
    set_option(curl, CURLOPT_PASSWORD, settings.password.c_str());
  }
}

MailOutcome MailSender::State::send(const MailMessage& message, Instant date) {
  if (const auto checked = check_mail(message); !checked) {
    return {MailOutcome::Kind::refused, 0, checked.error().message};
  }
  prepare(message);
  CURL* curl = handle.get();
  CurlList recipients;
  recipients.add("<" + message.to.address + ">");
  CurlList headers;
  for (const auto& line : mail_headers(message, date)) headers.add(line);
  const auto body = body_of(curl, message);
  std::string reply;
  set_option(curl, CURLOPT_MAIL_FROM, ("<" + message.from.address + ">").c_str());
  set_option(curl, CURLOPT_MAIL_RCPT, recipients.get());
  set_option(curl, CURLOPT_HTTPHEADER, headers.get());
  set_option(curl, CURLOPT_MIMEPOST, body.get());
  set_option(curl, CURLOPT_HEADERFUNCTION, &take_reply);
  set_option(curl, CURLOPT_HEADERDATA, &reply);
  std::string detail;
  const CURLcode code = perform(curl, detail);
  long status = 0;
  curl_off_t uploaded_bytes = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &uploaded_bytes);
  curl_easy_reset(curl);  // what it borrowed ends here
  if (code != CURLE_OK && !reply.empty()) detail += " (" + reply + ")";
  return {kind_of(code, status, uploaded_bytes > 0), static_cast<int>(status), code == CURLE_OK ? reply : detail};
}

MailSender::MailSender(std::unique_ptr<State> state) : state_(std::move(state)) {}
MailSender::MailSender(MailSender&&) noexcept = default;
MailSender& MailSender::operator=(MailSender&&) noexcept = default;
MailSender::~MailSender() = default;

Result<MailSender> MailSender::create(MailSettings settings) {
  const auto is_host_character = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  };
  if (settings.host.empty() || !std::ranges::all_of(settings.host, is_host_character)) {
    return fail(Reason::setting_invalid, "mail.host", "must be a host name or an IPv4 address");
  }
  if (!settings.user.empty() && settings.encryption == MailEncryption::starttls_when_offered) {
    return fail(Reason::setting_invalid, "mail.encryption", "a password is sent only where TLS is required");
  }
  return MailSender(std::unique_ptr<State>(new State{std::move(settings)}));
}

MailOutcome MailSender::send(const MailMessage& message, Instant date) noexcept {
  try {
    return state_->send(message, date);
  } catch (const std::exception& failure) {
    return {MailOutcome::Kind::try_again, 0, failure.what()};
  }
}

}  // namespace holdfast::notifications
