#include "notifications/channels/mail_sender.h"

#include <gmock/gmock.h>

#include "notifications/channels/tests/child_server.h"

namespace holdfast::notifications {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = MailOutcome::Kind;

const Instant date = *parse_instant("2026-03-01T09:05:07Z");

MailMessage mail_to_send() {
  MailMessage message;
  message.id = *parse_uuid("0195b0c8-0000-7000-8000-000000000001");
  message.from = {"Holdfast", "holdfast@agency.example"};
  message.to = {"", "ann@example.com"};
  message.subject = "Ticket opened";
  message.text = "Hello";
  message.html = "<p>Hello</p>";
  return message;
}

MailSettings settings(const ChildServer& server) {
  MailSettings settings;
  settings.host = "localhost";
  settings.port = server.ready().at("port");
  settings.ca_file = server.ready().at("ca");
  return settings;
}

MailOutcome send(MailSettings with, const MailMessage& what) {
  return MailSender::create(std::move(with))->send(what, date);
}

TEST(MailSender, DeliversWhatAnotherParserReadsBack) {
  ChildServer server("mail_receiver.py", "starttls");
  auto mail = mail_to_send();
  mail.to.display_name = "Zoë \"Z\" Ångström, Esq.";
  mail.from.display_name = "Harbor \"Voice\" & Data, Inc.";
  mail.reply_to = MailAddress{"", "desk@agency.example"};
  mail.subject = "Kündigungsfrist für Zürich – noch 14 Tage: bitte entscheiden, sonst verlängert sich der Vertrag 契約";
  mail.text = "Grüße\n\n.a line that begins with a dot\n.\nFrom here = there\n" + std::string(2000, 'x') + "\nlast";
  mail.html = "<p>Grüße &amp; Küsse</p>\n<p style=\"x\">" + std::string(2000, 'y') + "</p>";
  mail.attachments = {{"deadline.ics", "text/calendar; charset=utf-8; method=PUBLISH", "BEGIN:VCALENDAR\r\né\r\n"}};
  const auto outcome = send(settings(server), mail);
  ASSERT_EQ(outcome.kind, Kind::sent) << outcome.detail;
  EXPECT_EQ(outcome.status, 250);

  const auto seen = server.next();
  const auto& headers = seen.at("headers");
  EXPECT_EQ(seen.at("encrypted"), true);
  EXPECT_EQ(seen.at("greeted"), "agency.example");
  EXPECT_EQ(seen.at("sender"), "holdfast@agency.example");
  EXPECT_THAT(seen.at("recipients").get<std::vector<std::string>>(), ElementsAre("ann@example.com"));
  EXPECT_EQ(headers.at("subject"), mail.subject);
  EXPECT_EQ(headers.at("to"), "\"Zoë \\\"Z\\\" Ångström, Esq.\" <ann@example.com>");
  EXPECT_EQ(headers.at("from"), "\"Harbor \\\"Voice\\\" & Data, Inc.\" <holdfast@agency.example>");
  EXPECT_EQ(headers.at("reply-to"), "desk@agency.example");
  EXPECT_EQ(headers.at("date"), "Sun, 01 Mar 2026 09:05:07 +0000");
  EXPECT_EQ(headers.at("message-id"), "<0195b0c8-0000-7000-8000-000000000001@agency.example>");
  EXPECT_EQ(headers.at("auto-submitted"), "auto-generated");
  EXPECT_EQ(headers.at("mime-version"), "1.0");
  EXPECT_EQ(seen.at("header_count"), headers.size()) << "no header stands there twice";
  EXPECT_THAT(seen.at("types").get<std::vector<std::string>>(),
              ElementsAre("multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"));
  EXPECT_EQ(seen.at("text"), mail.text);
  EXPECT_EQ(seen.at("html"), mail.html);
  EXPECT_EQ(seen.at("attachments").at(0).at("name"), "deadline.ics");
  EXPECT_THAT(seen.at("attachments").at(0).at("type").get<std::string>(), HasSubstr("method=\"PUBLISH\""));
  EXPECT_EQ(seen.at("attachments").at(0).at("content"), mail.attachments.at(0).content);
  EXPECT_TRUE(seen.at("defects").empty()) << seen.at("defects");
  EXPECT_EQ(seen.at("coded_line_ends"), 0) << "a coded LF is no line end to every reader";
  EXPECT_LE(seen.at("longest_line"), 100) << "RFC 5322 allows 998; our longest name the structure of the body";
}

TEST(MailSender, UsesItsConnectionAgain) {
  ChildServer server("mail_receiver.py", "starttls");
  auto sender = *MailSender::create(settings(server));
  EXPECT_EQ(sender.send(mail_to_send(), date).kind, Kind::sent);
  auto refused = mail_to_send();
  refused.to.address = "550@example.com";
  EXPECT_EQ(sender.send(refused, date).kind, Kind::refused);
  EXPECT_EQ(sender.send(mail_to_send(), date).kind, Kind::sent) << "a refused recipient spoils nothing for the next";
  EXPECT_EQ(server.next().at("headers").at("message-id"), server.next().at("headers").at("message-id"));
}

TEST(MailSender, TellsForGoodFromForNow) {
  ChildServer server("mail_receiver.py", "starttls");
  const auto outcome = [&](const std::string& recipient) {
    auto mail = mail_to_send();
    mail.to.address = recipient;
    return send(settings(server), mail);
  };
  EXPECT_EQ(outcome("550@example.com").kind, Kind::refused);
  EXPECT_EQ(outcome("550@example.com").status, 550);
  EXPECT_THAT(outcome("550@example.com").detail, HasSubstr("550 not to this one"));
  EXPECT_EQ(outcome("content-552@example.com").kind, Kind::refused);
  EXPECT_EQ(outcome("450@example.com").kind, Kind::try_again);
  EXPECT_EQ(outcome("content-451@example.com").kind, Kind::try_again);
  EXPECT_EQ(outcome("421@example.com").kind, Kind::try_again);
  EXPECT_EQ(outcome("530@example.com").kind, Kind::try_again) << "sign-in is the operator's matter";
}

TEST(MailSender, AServerThatIsNotThereOrClosedSaysNothingAboutTheMessage) {
  auto nowhere = MailSettings{};
  nowhere.host = "127.0.0.1";
  nowhere.port = 1;
  EXPECT_EQ(send(nowhere, mail_to_send()).kind, Kind::try_again);
  ChildServer closed("mail_receiver.py", "closed");
  const auto outcome = send(settings(closed), mail_to_send());
  EXPECT_EQ(outcome.kind, Kind::try_again);
  EXPECT_EQ(outcome.status, 554);
}

TEST(MailSender, SendsNothingInTheClearUnlessAllowed) {
  ChildServer server("mail_receiver.py", "plain");
  EXPECT_EQ(send(settings(server), mail_to_send()).kind, Kind::try_again);
  auto relaxed = settings(server);
  relaxed.encryption = MailEncryption::starttls_when_offered;
  EXPECT_EQ(send(relaxed, mail_to_send()).kind, Kind::sent);
  EXPECT_EQ(server.next().at("encrypted"), false);
}

TEST(MailSender, TrustsNoUnknownCertificate) {
  ChildServer server("mail_receiver.py", "starttls");
  auto with = settings(server);
  with.ca_file.clear();
  const auto outcome = send(with, mail_to_send());
  EXPECT_EQ(outcome.kind, Kind::try_again);
  EXPECT_THAT(outcome.detail, HasSubstr("certificate"));
}

TEST(MailSender, SpeaksTlsFromTheFirstByte) {
  ChildServer server("mail_receiver.py", "implicit");
  auto with = settings(server);
  with.encryption = MailEncryption::implicit_tls;
  const auto outcome = send(with, mail_to_send());
  EXPECT_EQ(outcome.kind, Kind::sent) << outcome.detail;
  EXPECT_EQ(server.next().at("encrypted"), true);
}

TEST(MailSender, SignsIn) {
  ChildServer server("mail_receiver.py", "login");
  auto with = settings(server);
  EXPECT_EQ(send(with, mail_to_send()).kind, Kind::try_again) << "530: sign in first";
  with.user = "holdfast";
  with.password = "wrong";
  const auto denied = send(with, mail_to_send());
  EXPECT_EQ(denied.kind, Kind::try_again);
  EXPECT_THAT(denied.detail, Not(HasSubstr("wrong")));
  with.password = "right";
  EXPECT_EQ(send(with, mail_to_send()).kind, Kind::sent);
  EXPECT_EQ(server.next().at("signed_in"), true);
}

TEST(MailSender, RefusesSettingsThatWouldLeakThePassword) {
  MailSettings bad;
  bad.host = "relay";
  bad.user = "holdfast";
  bad.encryption = MailEncryption::starttls_when_offered;
  EXPECT_EQ(MailSender::create(bad).error().reason, Reason::setting_invalid);
  bad.encryption = MailEncryption::starttls_required;
  EXPECT_TRUE(MailSender::create(bad));
  for (const auto* host : {"", "a b", "relay/x", "user@relay", "relay:25", "relay\n"}) {
    bad.host = host;
    EXPECT_FALSE(MailSender::create(bad)) << host;
  }
}

}  // namespace
}  // namespace holdfast::notifications
