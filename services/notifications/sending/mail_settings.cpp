#include "notifications/sending/mail_settings.h"

#include <charconv>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view plain_scheme = "smtp://";
constexpr std::string_view tls_scheme = "smtps://";
constexpr std::uint16_t submission_port = 587;
constexpr std::uint16_t submissions_port = 465;

struct Server {
  std::string host;
  std::uint16_t port = submission_port;
  bool implicit_tls = false;
};

// "smtp://relay.example", "smtps://relay.example:465". What the host may be, MailSender judges.
Result<Server> parse_server(const config::Setting<std::string>& setting) {
  std::string_view text = *setting;
  Server server;
  if (text.starts_with(tls_scheme)) {
    server = {.port = submissions_port, .implicit_tls = true};
    text.remove_prefix(tls_scheme.size());
  } else if (text.starts_with(plain_scheme)) {
    text.remove_prefix(plain_scheme.size());
  } else {
    return fail(Reason::setting_invalid, setting.name() + " begins with smtp:// or smtps://");
  }
  const auto colon = text.find(':');
  server.host = text.substr(0, colon);
  if (colon == text.npos) return server;
  const auto port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), server.port);
  if (error != std::errc() || end != port.data() + port.size() || server.port == 0) {
    return fail(Reason::setting_invalid, setting.name() + " ends with a port, or with its host");
  }
  return server;
}

}  // namespace

MailSection::MailSection(const config::Section& section)
    : smtp_url(section, "smtp_url", "",
               "smtp://host[:587] or smtps://host[:465] of the mail server; empty: messages wait until there is one."),
      tls(section, "tls", "required", {"required", "whenOffered"},
          "Whether smtp:// must turn to TLS; whenOffered is for a server on the same host."),
      from(section, "from", "", "Address that mail comes from; needed once there is a mail server."),
      user(section, "user", "", "Name to sign in with; empty: no sign-in."),
      password(section, "password", config::Secret(), "Password to sign in with."),
      ca_file(section, "ca_file", "", "PEM file of authorities to trust instead of the system's."),
      workers(section, "workers", 4, {1, 32}, "Mails handed over at the same time, each over its own connection."),
      connect_timeout_ms(section, "connect_timeout_ms", 10s, {100ms, 60s}, "For the connection to the mail server."),
      total_timeout_ms(section, "total_timeout_ms", 60s, {1s, 600s}, "For one mail, all in all.") {}

Result<std::optional<Mailer::Options>> MailSection::read() const {
  if (smtp_url->empty()) return std::optional<Mailer::Options>();
  if (from->empty()) return fail(Reason::setting_invalid, from.name() + " is needed beside " + smtp_url.name());
  const auto server = TRY(parse_server(smtp_url));
  const auto encryption = server.implicit_tls  ? MailEncryption::implicit_tls
                          : *tls == "required" ? MailEncryption::starttls_required
                                               : MailEncryption::starttls_when_offered;
  return std::optional(Mailer::Options{.server = {.host = server.host,
                                                  .port = server.port,
                                                  .encryption = encryption,
                                                  .user = *user,
                                                  .password = password->reveal(),
                                                  .ca_file = ca_file->string(),
                                                  .connect_timeout_ms = *connect_timeout_ms,
                                                  .total_timeout_ms = *total_timeout_ms},
                                       .from = {"Holdfast", *from},
                                       .workers = *workers});
}

}  // namespace holdfast::notifications
