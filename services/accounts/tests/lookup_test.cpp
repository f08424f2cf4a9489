#include <gmock/gmock.h>

#include "accounts/tests/with_lookup.h"

namespace holdfast::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LookupTest : WithLookup {};

TEST_F(LookupTest, EachKeyFindsTheSite) {
  const std::vector<std::pair<std::string, std::string>> keys{
      {"(617) 555-0100", "PHONE +16175550100"},
      {"617.555.0101", "PHONE +16175550101;ext=7"},
      {"32 hcgs 123456 sw", "CIRCUIT 32/HCGS/123456//SW"},
      {"2100 Main St., Boston", "ADDRESS 2100 Main Street, Suite 4, Boston"},
      {"main street", "ADDRESS 2100 Main Street, Suite 4, Boston"},
      {"headquarters", "NAME Headquarters"},
  };
  for (const auto& [query, found] : keys) {
    const auto response = look_up(query);
    EXPECT_THAT(names_of(response), ElementsAre(found)) << query;
    EXPECT_EQ(response.card().location_id(), to_string(hq)) << query;
  }
}

TEST_F(LookupTest, AccountsAndWhatIsBilledToThemFindTheWholeCustomer) {
  for (const auto* query : {"L3440771", "(617) 555-0149", "HARBORVIEW credit union", "view cred"}) {
    const auto response = look_up(query);
    EXPECT_EQ(response.card().account_id(), to_string(account)) << query;
    EXPECT_EQ(response.card().location_id(), "") << query;
    EXPECT_EQ(response.card().products_size(), 2) << query;
  }
}

TEST_F(LookupTest, TheCardHasAllThatTheCarrierAsks) {
  const auto shown = card();
  EXPECT_EQ(shown.account_name(), "Harborview Credit Union");
  EXPECT_EQ(shown.owner().email(), "kim@best.example");
  ASSERT_EQ(shown.locations_size(), 1);
  EXPECT_EQ(shown.locations(0).main_phone(), "+16175550100");
  EXPECT_EQ(shown.locations(0).time_zone(), "America/New_York");
  EXPECT_EQ(shown.contacts(0).name(), "Jan Site");
  ASSERT_EQ(shown.products_size(), 1) << "the annex has a card of its own";
  const auto& line = shown.products(0).line();
  EXPECT_EQ(line.circuit_id(), "32/HCGS/123456//SW");
  EXPECT_EQ(line.carrier_name(), "Lumen");
  EXPECT_EQ(line.carrier_account_number(), "L3-440 771");
  EXPECT_EQ(line.btn(), "+16175550149") << "the carrier account's";
  EXPECT_EQ(shown.products(0).readiness().have(), 4);
  EXPECT_THAT(shown.products(0).readiness().missing(), ElementsAre(v1::VERIFICATION_ITEM_PIN_OR_PASSCODE));
  EXPECT_THAT(shown.carriers(0).repair(0).phones(), ElementsAre("+13035550199", "+13035550111"))
      << "09:00 in London is the middle of the night in Denver";
}

TEST_F(LookupTest, PartsOfCircuitIdsListWhatContainsThem) {
  EXPECT_THAT(names_of(look_up("1234")), ElementsAre("CIRCUIT 32/HCGS/123456//SW"));
  const auto both = look_up("hcgs", v1::LOOKUP_KIND_CIRCUIT);
  EXPECT_THAT(names_of(both), ElementsAre("CIRCUIT 32/HCGS/123456//SW", "CIRCUIT 32/HCGS/654321//SW"));
  EXPECT_EQ(both.card().location_id(), "") << "the customer's card: they are of two sites";
  EXPECT_THAT(names_of(look_up("hcg%", v1::LOOKUP_KIND_NAME)), IsEmpty()) << "% is a character";
}

TEST_F(LookupTest, KindsNarrow) {
  EXPECT_THAT(names_of(look_up("L3-440-771", v1::LOOKUP_KIND_BILLING)), ElementsAre("BILLING L3-440 771"));
  EXPECT_THAT(names_of(look_up("L3-440-771", v1::LOOKUP_KIND_CIRCUIT)), IsEmpty());
  EXPECT_THAT(names_of(look_up("617-555-0149", v1::LOOKUP_KIND_PHONE)), ElementsAre("BILLING +16175550149"));
}

TEST_F(LookupTest, SeveralCustomersAreListedByName) {
  const auto other = make_account("Harborview Dental");
  const auto response = look_up("harborview");
  EXPECT_THAT(names_of(response), ElementsAre("NAME Harborview Dental", "NAME Harborview Credit Union"));
  EXPECT_FALSE(response.has_card());
  EXPECT_EQ(response.matches(0).account_id(), to_string(other));
  EXPECT_EQ(response.matches(0).account_name(), "Harborview Dental");
}

TEST_F(LookupTest, MoreThanTwentyAreToBeNarrowed) {
  for (int number = 10; number < 31; ++number) make_account("Branch office " + std::to_string(number));
  const auto response = look_up("branch office");
  EXPECT_EQ(response.matches_size(), 20);
  EXPECT_TRUE(response.more());
}

TEST_F(LookupTest, NothingFoundSaysWhatWasLookedFor) {
  const auto response = look_up("212-555-0199");
  EXPECT_THAT(names_of(response), IsEmpty());
  ASSERT_GT(response.tried_size(), 0);
  EXPECT_EQ(response.tried(0).kind(), v1::LOOKUP_KIND_PHONE);
  EXPECT_EQ(response.tried(0).text(), "+12125550199");
}

TEST_F(LookupTest, CircuitsThatAreGoneComeLast) {
  change_circuit([](Product& product) { product.status = ProductStatus::terminated; });
  const auto again = line(annex, "32/HCGS/123456//SW");
  const auto response = look_up("32/HCGS/123456//SW");
  ASSERT_EQ(response.matches_size(), 2);
  EXPECT_EQ(response.matches(0).product_id(), to_string(again.id));
  EXPECT_EQ(response.matches(1).product_status(), v1::PRODUCT_STATUS_TERMINATED);
}

TEST_F(LookupTest, AnotherAgencyFindsNothingOfIt) {
  ASSERT_TRUE(make_agency(stranger));
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(card().has_answered_at()) << "it is in the caches by now";
    for (const auto* query : {"32/HCGS/123456//SW", "hcgs", "617-555-0100", "617-555-0149", "L3-440-771", "2100 Main",
                              "Harborview Credit Union", "harbor", "Headquarters"}) {
      EXPECT_THAT(names_of(look_up_at(replica, stranger, query)), IsEmpty()) << query;
    }
  }
  v1::GetOutageCardRequest request;
  request.set_location_id(to_string(hq));
  EXPECT_EQ(replica.answers.recall_card(stranger, request), nullptr);
  EXPECT_EQ(replica.answers.get_card(stranger, request).error().reason, Reason::location_not_found);
}

TEST_F(LookupTest, ACardIsAskedForByOneId) {
  v1::GetOutageCardRequest request;
  EXPECT_EQ(replica.answers.get_card(call, request).error().reason, Reason::field_required);
  request.set_product_id(to_string(circuit.id));
  v1::OutageCard shown;
  ASSERT_TRUE(shown.ParseFromString(*replica.answers.get_card(call, request)));
  EXPECT_EQ(shown.location_id(), to_string(hq));
  EXPECT_NE(replica.answers.recall_card(call, request), nullptr) << "near by now";
  request.set_account_id(to_string(account));
  EXPECT_EQ(replica.answers.get_card(call, request).error().fields.at(0).field, "product_id");
  request.clear_product_id();
  request.set_account_id(to_string(hq));
  EXPECT_EQ(replica.answers.get_card(call, request).error().reason, Reason::account_not_found) << "it is a site's";
  EXPECT_EQ(replica.answers.recall_card(call, request), nullptr);
  request.set_account_id("nonsense");
  EXPECT_EQ(replica.answers.get_card(call, request).error().reason, Reason::id_invalid);
}

}  // namespace
}  // namespace holdfast::accounts
