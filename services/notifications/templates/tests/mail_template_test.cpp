#include "notifications/templates/mail_template.h"

#include <gmock/gmock.h>

namespace holdfast::notifications {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<MailTemplate> all_mails() {
  std::vector<MailTemplate> all;
  for (size_t index = 0; index < enum_names<MailTemplate>.size(); ++index)
    all.push_back(static_cast<MailTemplate>(index));
  return all;
}

// Every value that any of the mails asks for.
MailModel whole_model() {
  MailModel model(*parse_zone("America/Los_Angeles"));
  for (const auto* value : {"agency", "name", "account", "ticket", "severity", "location", "summary", "resolution",
                            "promise", "carrier", "contract", "why", "yours"}) {
    model.set(value, std::string("the ") + value);
  }
  model.set("link", "https://holdfast.agency.example/tickets/1");
  for (const auto* value : {"opened_at", "resolved_at", "due_at"}) {
    model.set(value, *parse_instant("2026-03-13T21:15:00Z"));
  }
  for (const auto* value : {"notice_deadline", "term_end", "new_term_end", "bound_until", "old_deadline"}) {
    model.set(value, *parse_date("2026-04-01"));
  }
  model.set("days_left", DaysAhead{14});
  model.set_optional("next_notice_deadline", *parse_date("2027-01-01"));
  model.show("to_manager", true).show("to_sponsor", true);
  return model.show("auto_renews", true).show("rolls", false).show("ends", false);
}

TEST(MailTemplate, EveryOneSaysWhatHappenedAndWhatToDoNext) {
  for (const auto which : all_mails()) {
    const auto mail = render(which, whole_model());
    ASSERT_TRUE(mail) << to_string(which) << ": " << describe(mail.error());
    EXPECT_THAT(mail->subject, HasSubstr("the account")) << to_string(which);
    for (const auto* part : {&mail->text, &mail->html}) {
      EXPECT_THAT(*part, HasSubstr("Hello the name,")) << to_string(which);
      EXPECT_THAT(*part, HasSubstr("What to do next")) << to_string(which);
      EXPECT_THAT(*part, HasSubstr("https://holdfast.agency.example/tickets/1")) << to_string(which);
      EXPECT_THAT(*part, HasSubstr("Sent by Holdfast for the agency")) << to_string(which);
      EXPECT_THAT(*part, Not(HasSubstr("{{"))) << to_string(which);
    }
    EXPECT_THAT(mail->text, Not(HasSubstr("\n\n\n"))) << to_string(which) << ": a hidden section left a hole";
  }
}

TEST(MailTemplate, TextAndHtmlHoldTheSameValues) {
  for (const auto which : all_mails()) {
    const auto mail = *render(which, whole_model());
    for (const auto* value :
         {"the ticket", "the location", "the summary", "the resolution", "the promise", "the carrier", "the contract",
          "the why", "March 13", "April 1", "January 1", "in 14 days", "your manager", "at your agency"}) {
      EXPECT_EQ(mail.text.find(value) == std::string::npos, mail.html.find(value) == std::string::npos)
          << to_string(which) << ": " << value;
    }
  }
}

TEST(MailTemplate, AMissingValueIsAnError) {
  for (const auto which : all_mails()) {
    MailModel model(*parse_zone("UTC"));
    std::string missing_before;
    for (int round = 0; round < 40; ++round) {
      const auto mail = render(which, model);
      if (mail) break;
      ASSERT_EQ(mail.error().reason, Reason::field_required) << to_string(which);
      const auto missing = mail.error().fields.at(0).field;
      ASSERT_NE(missing, missing_before) << to_string(which);
      missing_before = missing;
      const bool section = missing.starts_with("has_") || missing.starts_with("to_") || missing == "auto_renews" ||
                           missing == "rolls" || missing == "ends";
      section ? model.show(missing, false) : model.set(missing, std::string("x"));
    }
    EXPECT_TRUE(render(which, model)) << to_string(which);
  }
}

TEST(MailTemplate, AValueMissingInAShownSectionIsAnErrorToo) {
  EXPECT_TRUE(render(MailTemplate::contract_rolled, whole_model()));
  MailModel without(*parse_zone("UTC"));
  for (const auto* value :
       {"agency", "name", "account", "carrier", "contract", "location", "link", "term_end", "new_term_end", "yours"}) {
    without.set(value, "x");
  }
  without.show("has_next_notice_deadline", true);
  EXPECT_EQ(render(MailTemplate::contract_rolled, without).error().fields.at(0).field, "next_notice_deadline");
}

TEST(MailTemplate, EscapesInHtmlAndNotInText) {
  auto model = whole_model();
  model.set("summary", R"(<script>alert("1")</script> & more)").set("link", "javascript:alert(1)");
  const auto mail = *render(MailTemplate::ticket_opened, model);
  EXPECT_THAT(mail.html, HasSubstr("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more"));
  EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
  EXPECT_THAT(mail.html, Not(HasSubstr("javascript:")));
  EXPECT_THAT(mail.text, HasSubstr(R"(<script>alert("1")</script> & more)"));
}

TEST(MailTemplate, TheSubjectIsOneShortLine) {
  auto model = whole_model();
  model.set("summary", "down\r\nBcc: x@y.example\t");
  EXPECT_EQ(render(MailTemplate::ticket_opened, model)->subject, "the account: new ticket, down  Bcc: x@y.example ");
  for (int shift = 0; shift < 4; ++shift) {
    std::string summary(static_cast<size_t>(shift), 'x');
    for (int count = 0; count < 100; ++count) summary += "📞";
    model.set("summary", summary);
    const auto subject = render(MailTemplate::ticket_opened, model)->subject;
    EXPECT_LE(subject.size(), max_rendered_subject_bytes);
    EXPECT_THAT(subject, testing::EndsWith("📞…"));
  }
}

TEST(MailTemplate, HidesWhatThereIsNot) {
  auto model = whole_model();
  model.set_optional("next_notice_deadline", std::nullopt);
  const auto mail = *render(MailTemplate::contract_rolled, model);
  for (const auto* part : {&mail.text, &mail.html}) EXPECT_THAT(*part, Not(HasSubstr("Notice by")));
  EXPECT_THAT(mail.text, HasSubstr("April 1, 2026\n\nWhat to do next"));
}

TEST(MailModel, ShowsInstantsOnTheRecipientsClock) {
  const auto shown = [](std::string_view instant, std::string_view zone) {
    return show_instant(*parse_instant(instant), *parse_zone(zone));
  };
  EXPECT_EQ(shown("2026-03-13T18:05:59Z", "America/New_York"), "Friday, March 13, 2026, 2:05 PM New York time (UTC-4)");
  EXPECT_EQ(shown("2026-01-01T05:00:00Z", "America/New_York"),
            "Thursday, January 1, 2026, 12:00 AM New York time (UTC-5)");
  EXPECT_EQ(shown("2026-01-01T04:59:00Z", "America/New_York"),
            "Wednesday, December 31, 2025, 11:59 PM New York time (UTC-5)");
  EXPECT_EQ(shown("2026-11-01T05:30:00Z", "US/Eastern"), "Sunday, November 1, 2026, 1:30 AM Eastern time (UTC-4)");
  EXPECT_EQ(shown("2026-11-01T06:30:00Z", "US/Eastern"), "Sunday, November 1, 2026, 1:30 AM Eastern time (UTC-5)");
  EXPECT_EQ(shown("2026-01-01T12:00:00Z", "UTC"), "Thursday, January 1, 2026, 12:00 PM UTC (UTC+0)");
  EXPECT_EQ(shown("2026-01-01T12:00:00Z", "Asia/Kathmandu"),
            "Thursday, January 1, 2026, 5:45 PM Kathmandu time (UTC+5:45)");
  EXPECT_EQ(shown("2026-01-01T12:00:00Z", "America/St_Johns"),
            "Thursday, January 1, 2026, 8:30 AM St Johns time (UTC-3:30)");
  EXPECT_EQ(shown("2026-01-01T12:00:00Z", "America/North_Dakota/Center"),
            "Thursday, January 1, 2026, 6:00 AM Center, North Dakota time (UTC-6)");
}

TEST(MailModel, SaysHowFarAheadADayIs) {
  MailModel model(*parse_zone("UTC"));
  EXPECT_EQ(*model.set("d", DaysAhead{0}).text("d"), "today");
  EXPECT_EQ(*model.set("d", DaysAhead{1}).text("d"), "tomorrow");
  EXPECT_EQ(*model.set("d", DaysAhead{120}).text("d"), "in 120 days");
  EXPECT_EQ(*model.set("d", DaysAhead{-1}).text("d"), "over since yesterday");
  EXPECT_EQ(*model.set("d", DaysAhead{-3}).text("d"), "over since 3 days");
  EXPECT_EQ(*model.set("d", *parse_date("2028-02-29")).text("d"), "Tuesday, February 29, 2028");
}

}  // namespace
}  // namespace holdfast::notifications
