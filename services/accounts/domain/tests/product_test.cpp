#include "accounts/domain/product.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace holdfast::accounts {
namespace {

using enum ProductStatus;

const Instant now = *parse_instant("2026-01-05T09:00:00Z");
const Date today = *parse_date("2026-01-05");

struct Wanted {
  AddProduct command{.account_id = AccountId{new_uuid()},
                     .location_id = LocationId{new_uuid()},
                     .carrier_id = CarrierId{new_uuid()},
                     .carrier_account_id = CarrierAccountId{new_uuid()},
                     .circuit_id = " 32/HCGS/123456//SW ",
                     .btn = "617-555-0149",
                     .mrc = Money{45000, "USD"},
                     .installed_on = *parse_date("2024-03-01")};
  ProductSurroundings known{true, command.account_id, command.carrier_id, command.account_id};

  Result<Product> added() const { return add(command, AccountStatus::active, known, now); }
  Product in(ProductStatus status) const {
    auto product = *added();
    product.status = status;
    return product;
  }
};

TEST(AddProduct, IsActiveUnlessItIsNotThereYet) {
  const auto product = Wanted().added();
  ASSERT_TRUE(product) << describe(product.error());
  EXPECT_EQ(product->circuit_id, "32/HCGS/123456//SW");
  EXPECT_EQ(product->btn, "+16175550149");
  EXPECT_EQ(product->status, active);
  EXPECT_EQ(product->type, ProductType::other);
  EXPECT_EQ(product->version, 1);
  Wanted ordered;
  ordered.command.status = pending_active;
  EXPECT_EQ(ordered.added()->status, pending_active);
}

TEST(AddProduct, RefusesWithTheFieldAtFault) {
  const struct {
    const char* why;
    void (*spoil)(Wanted&);
    Reason reason;
    const char* field;
  } refusals[] = {
      {"no circuit ID", [](Wanted& one) { one.command.circuit_id = " "; }, Reason::field_required, "circuit_id"},
      {"nothing in it", [](Wanted& one) { one.command.circuit_id = "//"; }, Reason::field_invalid, "circuit_id"},
      {"half a number", [](Wanted& one) { one.command.btn = "555-0149"; }, Reason::phone_incomplete, "btn"},
      {"begins with its end", [](Wanted& one) { one.command.status = terminated; }, Reason::illegal_transition,
       "status"},
      {"a negative price", [](Wanted& one) { one.command.mrc->minor = -1; }, Reason::money_invalid, "mrc.minor"},
      {"no currency", [](Wanted& one) { one.command.mrc->currency = "$"; }, Reason::money_invalid, "mrc.currency"},
      {"long notes", [](Wanted& one) { one.command.notes.assign(10'001, 'x'); }, Reason::field_too_long, "notes"},
      {"no carrier", [](Wanted& one) { one.known.carrier_exists = false; }, Reason::carrier_not_found, "carrier_id"},
      {"no location", [](Wanted& one) { one.known.account_of_location = {}; }, Reason::location_not_found,
       "location_id"},
      {"another's location", [](Wanted& one) { one.known.account_of_location = AccountId{new_uuid()}; },
       Reason::location_of_other_account, "location_id"},
      {"no carrier account", [](Wanted& one) { one.known.carrier_of_carrier_account = {}; },
       Reason::carrier_account_not_found, "carrier_account_id"},
      {"another carrier's", [](Wanted& one) { one.known.carrier_of_carrier_account = CarrierId{new_uuid()}; },
       Reason::carrier_account_of_other_carrier, "carrier_account_id"},
      {"another customer's", [](Wanted& one) { one.known.account_of_carrier_account = AccountId{new_uuid()}; },
       Reason::carrier_account_of_other_carrier, "carrier_account_id"},
  };
  for (const auto& refusal : refusals) {
    Wanted wanted;
    refusal.spoil(wanted);
    const auto product = wanted.added();
    ASSERT_FALSE(product) << refusal.why;
    EXPECT_EQ(product.error().reason, refusal.reason) << refusal.why;
    EXPECT_EQ(product.error().fields.at(0).field, refusal.field) << refusal.why;
  }
  const Wanted wanted;
  EXPECT_EQ(add(wanted.command, AccountStatus::closed, wanted.known, now).error().reason, Reason::account_closed);
}

TEST(ChangeProduct, StatesFollowEachOtherAsTmf637Says) {
  const std::vector<std::pair<ProductStatus, ProductStatus>> legal{
      {created, pending_active},   {created, cancelled},
      {created, aborted},          {pending_active, active},
      {pending_active, cancelled}, {pending_active, aborted},
      {active, suspended},         {active, pending_terminate},
      {suspended, active},         {suspended, pending_terminate},
      {pending_terminate, active}};
  const Wanted wanted;
  for (const auto from :
       {created, pending_active, active, suspended, pending_terminate, terminated, cancelled, aborted}) {
    for (const auto to :
         {created, pending_active, active, suspended, pending_terminate, terminated, cancelled, aborted}) {
      if (from == to) continue;
      const auto before = wanted.in(from);
      const auto after = change(before, {.id = before.id, .status = to}, wanted.known);
      const bool is_legal = std::ranges::find(legal, std::pair(from, to)) != legal.end();
      EXPECT_EQ(after.has_value(), is_legal) << to_string(from) << " -> " << to_string(to);
      if (!is_legal) {
        EXPECT_EQ(after.error().reason, Reason::illegal_transition);
      }
    }
  }
}

TEST(ChangeProduct, SetsWhatIsGivenAndEmptiesWhatIsNamed) {
  const Wanted wanted;
  const auto before = *wanted.added();
  const auto after =
      change(before, {.id = before.id, .speed = "100 Mbps", .clear = {"mrc", "location_id"}}, wanted.known);
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_EQ(after->speed, "100 Mbps");
  EXPECT_FALSE(after->mrc);
  EXPECT_FALSE(after->location_id);
  EXPECT_EQ(after->circuit_id, before.circuit_id);
  EXPECT_EQ(after->version, 2);
  EXPECT_EQ(*change(before, {.id = before.id, .btn = "(617) 555-0149"}, wanted.known), before);
  EXPECT_EQ(change(before, {.id = before.id, .clear = {"mrc", "btn"}}, wanted.known).error().fields.at(0).field,
            "clear[1]");
  EXPECT_EQ(change(before, {.id = before.id, .etag = "7"}, wanted.known).error().reason, Reason::etag_stale);
}

TEST(TerminateProduct, EndsWhenItsLastDayIsOver) {
  const Wanted wanted;
  const auto ending = [&](ProductStatus from, const char* day) {
    const auto before = wanted.in(from);
    return terminate(before, {.id = before.id, .terminated_on = *parse_date(day)}, today);
  };
  EXPECT_EQ(ending(active, "2026-01-04")->status, terminated);
  EXPECT_EQ(ending(active, "2026-01-05")->status, pending_terminate);
  EXPECT_EQ(ending(suspended, "2026-02-01")->status, pending_terminate);
  EXPECT_EQ(ending(pending_terminate, "2026-01-04")->status, terminated);
  EXPECT_EQ(ending(active, "2024-02-29").error().reason, Reason::end_before_start);
  for (const auto never : {created, pending_active, terminated, cancelled, aborted}) {
    EXPECT_EQ(ending(never, "2026-01-04").error().reason, Reason::illegal_transition) << to_string(never);
  }
}

TEST(TerminateProduct, IsTakenBackByGoingOn) {
  const Wanted wanted;
  const auto before = *terminate(*wanted.added(), {.terminated_on = *parse_date("2026-02-01")}, today);
  const auto after = change(before, {.id = before.id, .status = active}, wanted.known);
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_FALSE(after->terminated_on);
}

}  // namespace
}  // namespace holdfast::accounts
