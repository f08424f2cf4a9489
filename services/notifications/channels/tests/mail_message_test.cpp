#include "notifications/channels/mail_message.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

namespace holdfast::notifications {
namespace {

MailMessage message() {
  MailMessage message;
  message.from = {"Holdfast", "holdfast@agency.example"};
  message.to = {"Ann", "ann@example.com"};
  message.subject = "Ticket opened";
  message.attachments = {{"deadline.ics", "text/calendar", "BEGIN"}};
  return message;
}

Reason refusal(const std::function<void(MailMessage&)>& change) {
  auto changed = message();
  change(changed);
  const auto checked = check_mail(changed);
  return checked ? Reason::internal : checked.error().reason;
}

TEST(MailMessage, PassesAnOrdinaryOne) { EXPECT_TRUE(check_mail(message())); }

TEST(MailMessage, RefusesHeaderInjection) {
  for (const std::string& bad : {std::string("a\r\nBcc: x@y.example"), std::string("a\nb"), std::string("a\rb"),
                                 std::string("a\0b", 3), std::string("a\x7f"), std::string("a\tb")}) {
    EXPECT_EQ(refusal([&](auto& m) { m.subject = bad; }), Reason::field_invalid);
    EXPECT_EQ(refusal([&](auto& m) { m.from.display_name = bad; }), Reason::field_invalid);
    EXPECT_EQ(refusal([&](auto& m) { m.to.display_name = bad; }), Reason::field_invalid);
    EXPECT_EQ(refusal([&](auto& m) { m.reply_to = MailAddress{bad, "a@b.example"}; }), Reason::field_invalid);
    EXPECT_EQ(refusal([&](auto& m) { m.attachments[0].file_name = bad; }), Reason::field_invalid);
    EXPECT_EQ(refusal([&](auto& m) { m.attachments[0].content_type = "text/" + bad; }), Reason::field_invalid);
  }
}

TEST(MailMessage, RefusesWhatIsNoAddress) {
  for (const std::string bad :
       {"", "ann", "@example.com", "ann@", "ann@@example.com", "ann@example..com", ".ann@example.com",
        "a b@example.com", "<ann@example.com>", "ann@example.com>", "ann@example.com\r\nRCPT TO:<x@y.example>",
        "ann@[127.0.0.1]", "ann@example.com,bob@example.com", "\"ann\"@example.com", "zoë@example.com",
        "ann@exämple.com", "ann@-x.example", "ann@example.com "}) {
    EXPECT_EQ(refusal([&](auto& m) { m.to.address = bad; }), Reason::field_invalid) << bad;
    EXPECT_EQ(refusal([&](auto& m) { m.from.address = bad; }), Reason::field_invalid) << bad;
  }
  EXPECT_TRUE(check_mail([] {
    auto m = message();
    m.to.address = "o'brien+tickets/2@mail.example.co.uk";
    return m;
  }()));
}

TEST(MailMessage, RefusesBytesThatAreNoUtf8) {
  for (const std::string bad :
       {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xc3"}) {
    EXPECT_EQ(refusal([&](auto& m) { m.subject = bad; }), Reason::text_not_utf8);
    EXPECT_EQ(refusal([&](auto& m) { m.text = bad; }), Reason::text_not_utf8);
    EXPECT_EQ(refusal([&](auto& m) { m.html = bad; }), Reason::text_not_utf8);
  }
  EXPECT_EQ(refusal([](auto& m) { m.subject = "\u00e9\u20ac\U0001F4DE"; }), Reason::internal) << "which is none";
}

TEST(MailMessage, HoldsItsLimits) {
  EXPECT_EQ(refusal([](auto& m) { m.subject = ""; }), Reason::field_required);
  EXPECT_EQ(refusal([](auto& m) { m.subject.assign(max_subject_bytes + 1, 'x'); }), Reason::field_too_long);
  EXPECT_EQ(refusal([](auto& m) { m.text.assign(max_body_bytes + 1, 'x'); }), Reason::field_too_long);
  EXPECT_EQ(refusal([](auto& m) { m.html.assign(max_body_bytes + 1, 'x'); }), Reason::field_too_long);
  EXPECT_EQ(refusal([](auto& m) { m.to.display_name.assign(max_display_name_bytes + 1, 'x'); }),
            Reason::field_too_long);
  EXPECT_EQ(refusal([](auto& m) { m.attachments.resize(max_attachments + 1, m.attachments[0]); }),
            Reason::field_out_of_range);
}

std::string header(const MailMessage& message, std::string_view name) {
  for (const auto& line : mail_headers(message, *parse_instant("2026-03-01T09:05:07Z"))) {
    if (line.starts_with(name)) return line;
  }
  return "";
}

TEST(MailMessage, FoldsLongSubjectsAndKeepsTheirSpaces) {
  auto m = message();
  m.subject =
      "Notice deadline for Harbor Freight Dental Group, Fremont office, circuit 36/KXGS/004512//PB: 14 days left";
  EXPECT_EQ(header(m, "Subject"),
            "Subject: Notice deadline for Harbor Freight Dental Group, Fremont office,\r\n"
            " circuit 36/KXGS/004512//PB: 14 days left");
  m.subject = "two  spaces";
  EXPECT_EQ(header(m, "Subject"), "Subject: =?UTF-8?B?dHdvICBzcGFjZXM=?=");
}

TEST(MailMessage, LinesOfEncodedWordsHoldAtMost76Characters) {
  auto m = message();
  for (int count = 1; count < 40; ++count) {
    m.subject = std::string(static_cast<size_t>(count), 'x') + "ü€📞ü€📞ü€📞ü€📞ü€📞ü€📞ü€📞ü€📞ü€📞";
    std::istringstream lines(header(m, "Subject"));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 76 + 1) << line;
  }
}

TEST(MailMessage, ATextThatLooksEncodedIsEncoded) {
  auto m = message();
  m.subject = "=?UTF-8?B?aGk=?=";
  EXPECT_EQ(header(m, "Subject"), "Subject: =?UTF-8?B?PT9VVEYtOD9CP2FHaz0/PQ==?=");
}

}  // namespace
}  // namespace holdfast::notifications
