#include "command_line/outage_card.h"

#include <gmock/gmock.h>

#include <sstream>

#include "holdfast/accounts/v1/lookup.pb.h"

namespace holdfast::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

accounts::v1::LookUpResponse answer() {
  accounts::v1::LookUpResponse answer;
  answer.add_matches()->set_product_id("P1");
  auto& card = *answer.mutable_card();
  card.set_account_name("Harborview Credit Union");
  card.mutable_answered_at()->set_seconds(1'772'838'000);  // 2026-03-06T23:00:00Z, a Friday
  auto& site = *card.add_locations();
  site.set_name("HQ");
  site.set_time_zone("America/New_York");
  site.set_main_phone("+16175550100");
  auto& carrier = *card.add_carriers();
  carrier.set_name("Lumen");
  auto& desk = *carrier.add_repair();
  desk.mutable_contact()->set_function("repair");
  desk.mutable_contact()->set_phone("+13035550111");
  desk.mutable_contact()->set_after_hours_phone("+13035550199");
  desk.add_phones("+13035550199");
  desk.add_phones("+13035550111");
  auto& product = *card.add_products();
  product.mutable_line()->set_id("P1");
  product.mutable_line()->set_circuit_id("32/HCGS/123456//SW");
  product.mutable_line()->set_btn("+16175550149");
  product.mutable_readiness()->set_have(4);
  product.mutable_readiness()->set_of(5);
  product.mutable_readiness()->add_missing(accounts::v1::VERIFICATION_ITEM_PIN_OR_PASSCODE);
  auto& source = *card.add_sources();
  source.set_topic("holdfast.contracts");
  source.set_sequence(12);
  source.mutable_as_of()->set_seconds(1'772'838'000 - 3 * 24 * 60 * 60);
  return answer;
}

TEST(ReadablePhone, IsWrittenAsPeopleDialIt) {
  EXPECT_EQ(readable_phone("+16175550149"), "(617) 555-0149");
  EXPECT_EQ(readable_phone("+16175550149;ext=12"), "(617) 555-0149 x12");
  EXPECT_EQ(readable_phone("+442079460018"), "+442079460018");
  EXPECT_EQ(readable_phone(""), "");
}

TEST(OutageCard, SaysWhomToCallWhatToTellThemAndHowOldItIs) {
  std::ostringstream out;
  print_card(out, answer(), false);
  const auto text = out.str();
  EXPECT_THAT(text, HasSubstr("now Fri 18:00 America/New_York"));
  EXPECT_THAT(text, HasSubstr("(303) 555-0199 (after hours)  (303) 555-0111"));
  EXPECT_THAT(text, HasSubstr(">  32/HCGS/123456//SW"));
  EXPECT_THAT(text, HasSubstr("4/5: no pin or passcode"));
  EXPECT_THAT(text, HasSubstr("contracts: as of event 12, 3 days ago"));
  EXPECT_THAT(text, HasSubstr("tickets: nothing heard yet"));
  EXPECT_THAT(text, Not(HasSubstr("\033"))) << "no terminal reads it";
}

TEST(OutageCard, NothingFoundSaysWhatWasTriedAndWhatToDo) {
  accounts::v1::LookUpResponse none;
  auto& tried = *none.add_tried();
  tried.set_kind(accounts::v1::LOOKUP_KIND_CIRCUIT);
  tried.set_text("HCGS9");
  tried.set_partial(true);
  std::ostringstream out;
  print_attempts(out, none);
  EXPECT_THAT(out.str(), HasSubstr("circuit containing HCGS9"));
  EXPECT_THAT(out.str(), HasSubstr("Try a part"));
}

}  // namespace
}  // namespace holdfast::command_line
