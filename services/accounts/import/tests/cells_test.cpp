#include <gtest/gtest.h>

#include "accounts/domain/email.h"
#include "accounts/import/amounts.h"
#include "accounts/import/dates.h"
#include "accounts/import/phones.h"
#include "accounts/import/terms.h"
#include "accounts/import/text.h"
#include "accounts/import/zones.h"

namespace holdfast::accounts::import_book {
namespace {

Cell text_cell(std::string text) { return {Cell::Kind::text, false, false, std::move(text), 0}; }
Cell number_cell(double number, Cell::Kind kind = Cell::Kind::number) {
  return {kind, false, false, std::to_string(static_cast<int>(number)), number};
}

std::string day(const Cell& cell, const DateRules& rules = {}) {
  const auto reading = read_date(cell, rules);
  if (reading.kind == DateReading::Kind::imprecise) return "imprecise";
  return reading.kind == DateReading::Kind::invalid ? "invalid" : format_date(reading.date);
}

TEST(Dates, AreReadInEveryWayOfASpreadsheet) {
  for (const auto* text : {"3/1/26", "03/01/2026", "2026-03-01", "20260301", "Mar 1, 2026", "1-Mar-26",
                           "March 1st 2026", "1 march 2026", "2026 Mar 1", "Sun, Mar 1 2026", "3/1/2026 12:00 AM",
                           "2026-03-01T00:00:00Z", "2026-03-01 00:00:00.000", "46082", "3.1.2026", " 3-1-26 "}) {
    EXPECT_EQ(day(text_cell(text)), "2026-03-01") << text;
  }
  EXPECT_EQ(day(number_cell(46082)), "2026-03-01");
  EXPECT_EQ(day(number_cell(46082.75, Cell::Kind::date)), "2026-03-01");
  EXPECT_EQ(day(number_cell(44620, Cell::Kind::date), {.serial_zero = serial_zero_1904}), "2026-03-01");
}

TEST(Dates, ThatDoNotExistAreRefused) {
  for (const auto* text :
       {"2/30/2025", "13/45/2024", "2/29/23", "0/0/0000",    "Feb 30, 2028", "Q3 2027", "end of year", "13/4/2026",
        "99999999",  "1/2/3/4",    "2026-3",  "20261301",    "1899-12-31",   "12",      "123456",      "Mar Apr 2026",
        "-",         "3/1/202",    "5",       "1/1/12345678"}) {
    EXPECT_EQ(day(text_cell(text)), "invalid") << text;
  }
  EXPECT_EQ(day(number_cell(5)), "invalid");
  EXPECT_EQ(day(number_cell(1e9, Cell::Kind::date)), "invalid");
}

TEST(Dates, WithoutADayAreImprecise) {
  for (const auto* text : {"2014", "Mar 2014", "3/2014", "Mar-26"})
    EXPECT_EQ(day(text_cell(text)), "imprecise") << text;
  EXPECT_EQ(day(number_cell(2014)), "imprecise");
}

TEST(Dates, KeepToTheOrderThatTheMappingSays) {
  EXPECT_EQ(day(text_cell("3/4/26"), {.order = DateOrder::day_first}), "2026-04-03");
  EXPECT_EQ(day(text_cell("31/12/2026"), {.order = DateOrder::day_first}), "2026-12-31");
  EXPECT_EQ(day(text_cell("12/31/2026"), {.order = DateOrder::day_first}), "invalid");
  EXPECT_EQ(day(text_cell("26/3/4"), {.order = DateOrder::year_first}), "2026-03-04");
  EXPECT_EQ(day(text_cell("1-Mar-70")), "1970-03-01");
  EXPECT_EQ(day(text_cell("1-Mar-69")), "2069-03-01");
  EXPECT_EQ(order_vote("31/12/2026"), -1);
  EXPECT_EQ(order_vote("12/31/2026"), 1);
  EXPECT_EQ(order_vote("13/45/2024"), 0);
}

TEST(Dates, ClampToTheMonthsEnd) {
  EXPECT_EQ(format_date(plus_months(*parse_date("2025-01-31"), 1)), "2025-02-28");
  EXPECT_EQ(format_date(plus_months(*parse_date("2024-02-29"), 12)), "2025-02-28");
}

TEST(Amounts, AreReadAsWritten) {
  for (const auto* text :
       {"1234.5", "$1,234.50", "$1,234.50/mo", "1,234.50 ", "$ 1234.50", "USD 1,234.50 per month", "1234.50 monthly"}) {
    EXPECT_EQ(read_cents(text_cell(text)), 123450) << text;
  }
  EXPECT_EQ(read_cents(text_cell("(12.00)")), -1200);
  EXPECT_EQ(read_cents(text_cell("-$12")), -1200);
  EXPECT_EQ(read_cents(number_cell(0.285)), 29);
  for (const auto* text :
       {"see bill", "$1,2x4", "1,23", "12,34.5", "", "$", "1.2.3", "1e99", "99999999999999", "--5"}) {
    EXPECT_EQ(read_cents(text_cell(text)), std::nullopt) << text;
  }
}

TEST(Amounts, NumbersThatLostTheirDigitsAreKnown) {
  for (const auto* text : {"4.42346E+08", "9.9E+11", "6E+9"}) EXPECT_TRUE(is_lossy_number(text_cell(text))) << text;
  for (const auto* text : {"W0E91683", "70.KFGS", "E+5", "442346123", "12E5"})
    EXPECT_FALSE(is_lossy_number(text_cell(text))) << text;
}

TEST(Phones, ComeToE164WithExtension) {
  PhoneReader reader;
  for (const auto* text : {"(617) 555-0149 x12", "617.555.0149 ext. 12", "1-617-555-0149, ext 12",
                           "+1 617 555 0149 #12", "617/555-0149 X12"}) {
    const auto reading = reader.read(text);
    EXPECT_EQ(reading.kind, PhoneReading::Kind::phone) << text;
    EXPECT_EQ(reading.phone, (Phone{"+16175550149", "12"})) << text;
  }
  EXPECT_EQ(reader.read("6175550149").phone.e164, "+16175550149");
  EXPECT_EQ(reader.read("555-0149").kind, PhoneReading::Kind::incomplete);
  EXPECT_EQ(reader.read("617-555-0149 / 617-555-0199 (cell)").kind, PhoneReading::Kind::several);
  EXPECT_EQ(reader.read("617-555-0149 / 617-555-0199 (cell)").phone.e164, "+16175550149");
  EXPECT_EQ(reader.read("ask Bob").kind, PhoneReading::Kind::invalid);
  EXPECT_EQ(reader.read(std::string(1000, '5')).kind, PhoneReading::Kind::invalid);
}

TEST(Emails, AreLowerCaseAndWhole) {
  EXPECT_EQ(parse_email("mailto:Ana@Example.COM "), "ana@example.com");
  EXPECT_EQ(parse_email("Ana Ruiz <ana@example.com>"), "ana@example.com");
  for (const auto* text :
       {"ana@", "@example.com", "ana", "ana@example", "a@b@c.com", "ana@example..com", "a;b@example.com"})
    EXPECT_EQ(parse_email(text), "") << text;
}

TEST(Terms, AreReadAsWritten) {
  for (const auto* text : {"36", "36 mos", "36 months", "3 yr", "3-year", "36mo"})
    EXPECT_EQ(read_months(text), 36) << text;
  for (const auto* text : {"", "MTM", "0", "3 days", "99999", "12 or 24", "three"})
    EXPECT_EQ(read_months(text), std::nullopt) << text;
  EXPECT_EQ(read_notice("30 day written"), (NoticePeriod{30, NoticeUnit::calendar_days, false}));
  EXPECT_EQ(read_notice("2 mos"), (NoticePeriod{2, NoticeUnit::calendar_months, false}));
  EXPECT_EQ(read_notice("10 bus days"), (NoticePeriod{10, NoticeUnit::business_days, false}));
  EXPECT_EQ(read_notice("four weeks"), std::nullopt);
}

TEST(Terms, ActionsSayHowLong) {
  const Vocabulary vocabulary(empty_mapping(), SheetMapping{});
  EXPECT_EQ(read_action("Yes - 24 mo", vocabulary)->months, 24);
  EXPECT_EQ(read_action("Y (12)", vocabulary)->action, EndAction::auto_renew);
  EXPECT_EQ(read_action("M-T-M", vocabulary)->action, EndAction::roll);
  EXPECT_EQ(read_action("no", vocabulary)->action, EndAction::auto_disconnect);
  EXPECT_FALSE(read_action("perhaps", vocabulary));
}

TEST(Zones, TheStateSettlesItUnlessItIsSplit) {
  const auto zone = [](const char* state, const char* zip) { return site_zone(state_code(state), zip_code(zip)); };
  EXPECT_EQ(zone("Mass", "2110")->zone, "America/New_York");
  EXPECT_EQ(zone("TX", "79901")->zone, "America/Denver");
  EXPECT_TRUE(zone("TX", "79901")->from_zip);
  EXPECT_FALSE(zone("TX", "75201")->from_zip);
  EXPECT_EQ(zone("IN", "46402")->zone, "America/Chicago");
  EXPECT_EQ(zone("", "901")->zone, "America/Puerto_Rico");
  EXPECT_FALSE(zone("XX", ""));
  EXPECT_EQ(zone_named("Eastern Time"), "America/New_York");
  EXPECT_EQ(zone_named("America/Boise"), "America/Boise");
  EXPECT_EQ(zone_named("here"), std::nullopt);
}

TEST(Text, NamesAreEqualButForCaseQuotesAndBlanks) {
  EXPECT_EQ(fold(" “Big\u00a0Red”  Movers\n"), fold("\"big red\" MOVERS"));
  EXPECT_EQ(fold("PEÑA"), fold("Pen\u0303a"));
  EXPECT_NE(fold("Acme Corp"), fold("ACME Corporation"));
  EXPECT_EQ(clean("a\u200b\t b"), "a b");
  EXPECT_EQ(identifier_key("32/HCGS/123456//sw"), "32HCGS123456SW");
  EXPECT_EQ(form_key("Smith Hale & Co"), form_key("Smith, Hale & Company"));
  EXPECT_EQ(form_key("North Gate Dental, P.C."), form_key("Northgate Dental"));
  EXPECT_NE(form_key("Valley Foods"), form_key("Valley Food Bank"));
}

TEST(Mapping, ErrorsNameTheirPlace) {
  const auto path = [](const char* json) {
    const auto mapping = read_mapping(json);
    if (mapping || mapping.error().fields.empty()) return std::string("none");
    EXPECT_EQ(mapping.error().reason, Reason::mapping_invalid);
    return mapping.error().fields[0].field;
  };
  EXPECT_EQ(path(R"({"sheets": {"A": {"row_is": "location", "columns": {"account.nme": "X"}}}})"),
            "sheets.A.columns.account.nme");
  EXPECT_EQ(path(R"({"sheets": {"A": {"row_is": "house", "columns": {"notes": "X"}}}})"), "sheets.A.row_is");
  EXPECT_EQ(path(R"({"sheets": {"A": {"row_is": "account", "columns": {"notes": 5}}}})"), "sheets.A.columns.notes");
  EXPECT_EQ(path(R"({"carriers": []})"), "carriers");
  EXPECT_EQ(path(R"({"sheets": {"A": {"row_is": "account", "columns": {"notes": "X"}, "delimiter": "ab"}}})"),
            "sheets.A.delimiter");
  EXPECT_FALSE(read_mapping("{"));
  EXPECT_FALSE(read_mapping("[]"));
}

}  // namespace
}  // namespace holdfast::accounts::import_book
