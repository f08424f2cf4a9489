#include "accounts/domain/lookup.h"

#include <gtest/gtest.h>

namespace holdfast::accounts {
namespace {

TEST(ExactKey, SpellingsOfOneThingHaveOneKey) {
  const std::vector<std::vector<std::string>> same{
      {"617-555-0149", "(617) 555-0149", "617.555.0149", "+1 617 555 0149", "16175550149", "+16175550149"},
      {"32/HCGS/123456//SW", "32 hcgs 123456 sw", "32HCGS123456SW", "#32-HCGS-123456-SW"},
      {"4423-460-001", "4423460001", "#4423460001"},
  };
  for (const auto& spellings : same) {
    for (const auto& spelling : spellings) EXPECT_EQ(exact_key(spelling), exact_key(spellings[0])) << spelling;
  }
  EXPECT_EQ(exact_key("617-555-0149"), "16175550149");
  EXPECT_EQ(exact_key("120-345-6789"), "1203456789") << "no area code begins with 1";
}

TEST(ExactKey, IsKeptInTheseForms) {
  const auto phone = forms_of("16175550149");
  EXPECT_EQ(phone.phone, "+16175550149");
  EXPECT_EQ(phone.identifiers, (std::vector<std::string>{"16175550149", "6175550149"}));
  const auto circuit = forms_of("32HCGS123456SW");
  EXPECT_EQ(circuit.phone, "");
  EXPECT_EQ(circuit.identifiers, std::vector<std::string>{"32HCGS123456SW"});
  EXPECT_EQ(forms_of("442079460018").phone, "+442079460018");
}

TEST(LookupPlan, TakesAQueryForWhateverItFits) {
  const auto circuit = *plan({"32/HCGS/123456//SW", {}});
  EXPECT_EQ(circuit.identifier, "32HCGS123456SW");
  EXPECT_EQ(circuit.circuit_part, "32HCGS123456SW");
  EXPECT_EQ(circuit.name, "32/hcgs/123456//sw");
  const auto name = *plan({"  Harborview   Credit UNION ", {}});
  EXPECT_EQ(name.identifier, "") << "it has no digit";
  EXPECT_EQ(name.name, "harborview credit union");
  EXPECT_EQ(plan({"617-555-0149 x12", {}})->identifier, "16175550149") << "an extension is no part of the number";
  EXPECT_EQ(plan({"+44 (0)20 7946 0018", {}})->identifier, "442079460018");
}

TEST(LookupPlan, LooksOnlyForTheKindThatIsNamed) {
  const auto billing = *plan({"4423460001", LookupKind::billing});
  EXPECT_EQ(billing.identifier, "14423460001");
  EXPECT_TRUE(billing.circuit_part.empty() && billing.name.empty() && billing.address_part.empty());
  const auto address = *plan({"2100 Main St", LookupKind::address});
  EXPECT_TRUE(address.identifier.empty() && address.name.empty() && address.circuit_part.empty());
  EXPECT_EQ(address.address_part, "2100 main st");
}

TEST(LookupPlan, RefusesWhatCannotBeLookedFor) {
  EXPECT_EQ(plan({" ", {}}).error().reason, Reason::field_required);
  EXPECT_EQ(plan({std::string(501, 'x'), {}}).error().reason, Reason::field_too_long);
  EXPECT_EQ(plan({"Harborview", LookupKind::phone}).error().reason, Reason::field_invalid);
  EXPECT_EQ(plan({"32/HCGS/1", LookupKind::phone}).error().reason, Reason::field_invalid);
  EXPECT_EQ(plan({"ab", LookupKind::circuit}).error().reason, Reason::field_invalid) << "parts have three characters";
  EXPECT_EQ(plan({"//", LookupKind::circuit}).error().reason, Reason::field_invalid);
}

TEST(PlaceOf, IsTheOneSiteOrAccountThatAllMatchesAreOf) {
  const AccountId acme{new_uuid()}, other{new_uuid()};
  const LocationId hq{new_uuid()}, annex{new_uuid()};
  const auto at = [](AccountId account, std::optional<LocationId> site) {
    LookupMatch match;
    match.account_id = account;
    match.location_id = site;
    return match;
  };
  EXPECT_EQ(place_of({{at(acme, hq)}, false}), hq.uuid);
  EXPECT_EQ(place_of({{at(acme, hq), at(acme, hq)}, false}), hq.uuid);
  EXPECT_EQ(place_of({{at(acme, hq), at(acme, annex)}, false}), acme.uuid);
  EXPECT_EQ(place_of({{at(acme, hq), at(acme, {})}, false}), acme.uuid);
  EXPECT_EQ(place_of({{at(acme, hq), at(other, {})}, false}), std::nullopt);
  EXPECT_EQ(place_of({{at(acme, hq)}, true}), std::nullopt) << "the others may be anywhere";
  EXPECT_EQ(place_of({}), std::nullopt);
}

TEST(Found, ShowsTwentyAndSaysThatThereAreMore) {
  EXPECT_FALSE(found(std::vector<LookupMatch>(20)).more);
  const auto many = found(std::vector<LookupMatch>(21));
  EXPECT_TRUE(many.more);
  EXPECT_EQ(many.matches.size(), 20u);
}

TEST(Attempts, SayWhatWasLookedFor) {
  const LookUp query{"617-555-0149", {}};
  const auto made = attempts(*plan(query), query.kind);
  ASSERT_EQ(made.size(), 5u);
  EXPECT_EQ(made[0].kind, LookupKind::phone);
  EXPECT_EQ(made[0].text, "+16175550149");
  EXPECT_FALSE(made[0].partial);
}

}  // namespace
}  // namespace holdfast::accounts
