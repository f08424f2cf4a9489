#include "accounts/domain/outage_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace holdfast::accounts {
namespace {

using ::testing::ElementsAre;

// A site of one line in New York, whose carrier's repair desk sits in Denver.
struct OutageCardTest : ::testing::Test {
  OutageCardTest() {
    parts.head.account_id = AccountId{new_uuid()};
    parts.head.location_id = hq;
    parts.head.agency_zone = "America/New_York";
    parts.locations = {{hq, "HQ", "2100 Main St", "Boston", "MA", "02110", "America/New_York", "+16175550100"}};
    parts.contacts = {{ContactId{new_uuid()}, "Jan", "Manager", "", "+16175550101", {}}};
    CardLine line;
    line.id = ProductId{new_uuid()};
    line.circuit_id = "32/HCGS/123456//SW";
    line.location_id = hq;
    line.carrier_id = carrier;
    line.carrier_name = "Lumen";
    line.carrier_account_id = carrier_account;
    line.carrier_account_number = "A-77";
    line.btn = "+16175550149";
    parts.lines = {line};
    parts.secrets = {{carrier_account.uuid, VerificationKind::pin, *parse_instant("2026-01-01T00:00:00Z")}};
    CarrierContact repair;
    repair.id = CarrierContactId{new_uuid()};
    repair.carrier_id = carrier;
    repair.function = "Repair";
    repair.phone = "+13035550111";
    repair.after_hours_phone = "+13035550199";
    repair.hours = {"Mon-Fri 08:00-17:00"};
    repair.time_zone = "America/Denver";
    parts.carrier_contacts = {repair};
  }

  CardOfTheHour at(const char* instant) { return outage_card(parts, *parse_instant(instant)); }
  Readiness readiness() { return at("2026-03-06T18:00:00Z").card.products.at(0).readiness; }

  LocationId hq{new_uuid()};
  CarrierId carrier{new_uuid()};
  CarrierAccountId carrier_account{new_uuid()};
  CardParts parts;
};

TEST_F(OutageCardTest, TheNumberIsThatOfTheHourAtTheDesk) {
  // 18:00 in New York is 16:00 in Denver: open for another hour.
  const auto open = at("2026-03-06T23:00:00Z");
  EXPECT_THAT(open.card.carriers.at(0).repair.at(0).phones, ElementsAre("+13035550111", "+13035550199"));
  EXPECT_EQ(format_instant(open.until), "2026-03-07T00:00:00Z");
  const auto shut = at("2026-03-07T00:00:00Z");
  EXPECT_THAT(shut.card.carriers.at(0).repair.at(0).phones, ElementsAre("+13035550199", "+13035550111"));
  EXPECT_EQ(shut.until - shut.from, std::chrono::days{1})
      << "closed over the weekend; no card is kept longer than a day";
  EXPECT_EQ(format_instant(at("2026-03-09T13:30:00Z").until), "2026-03-09T14:00:00Z")
      << "Monday, after the clocks changed";
}

TEST_F(OutageCardTest, ADeskThatNeverClosesKeepsItsCardForADay) {
  parts.carrier_contacts[0].hours.clear();
  parts.carrier_contacts[0].after_hours_phone.clear();
  const auto card = at("2026-03-06T23:00:00Z");
  EXPECT_TRUE(card.card.carriers.at(0).repair.at(0).open);
  EXPECT_EQ(card.until - card.from, std::chrono::days{1});
}

TEST_F(OutageCardTest, SaysWhatTheCarrierWillAskAndIsNotThere) {
  EXPECT_EQ(readiness().have, 5);
  EXPECT_EQ(readiness().of, 5);
  EXPECT_TRUE(readiness().missing.empty());
  parts.secrets.clear();
  EXPECT_EQ(readiness().have, 4);
  EXPECT_THAT(readiness().missing, ElementsAre(VerificationItem::pin_or_passcode));
  parts.lines[0].carrier_account_number.clear();
  parts.lines[0].btn.clear();
  parts.locations[0].street.clear();
  parts.contacts[0].phone.clear();
  EXPECT_EQ(readiness().have, 0);
}

TEST_F(OutageCardTest, ASecretOfAnotherAccountAndAContactOfAnotherSiteDoNotCount) {
  parts.secrets[0].subject_id = new_uuid();
  parts.contacts[0].location_ids = {LocationId{new_uuid()}};
  EXPECT_THAT(readiness().missing, ElementsAre(VerificationItem::contact, VerificationItem::pin_or_passcode));
}

TEST_F(OutageCardTest, SecretsAreMaskedAlike) {
  const auto secrets = at("2026-03-06T18:00:00Z").card.products.at(0).secrets;
  ASSERT_EQ(secrets.size(), 1u);
  EXPECT_EQ(secrets[0].masked, masked({}).masked);
}

TEST_F(OutageCardTest, EscalationGoesUpTheLadder) {
  for (const int level : {3, 1, 2}) {
    CarrierContact contact = parts.carrier_contacts[0];
    contact.function = "escalation";
    contact.level = level;
    parts.carrier_contacts.push_back(contact);
  }
  std::vector<int> levels;
  const auto card = at("2026-03-06T18:00:00Z").card;
  for (const auto& one : card.carriers.at(0).escalation) levels.push_back(*one.contact.level);
  EXPECT_THAT(levels, ElementsAre(1, 2, 3));
}

TEST_F(OutageCardTest, SaysWhenThereIsMoreThanItShows) {
  EXPECT_FALSE(at("2026-03-06T18:00:00Z").card.more);
  parts.lines.resize(static_cast<size_t>(max_card_lines + 1), parts.lines[0]);
  const auto card = at("2026-03-06T18:00:00Z").card;
  EXPECT_TRUE(card.more);
  EXPECT_EQ(card.products.size(), static_cast<size_t>(max_card_lines));
}

}  // namespace
}  // namespace holdfast::accounts
