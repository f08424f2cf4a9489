#include "accounts/app/tests/with_inventory.h"

namespace holdfast::accounts {
namespace {

constexpr std::string_view secret = "4711-only-here";
constexpr const char* key_lines = "k2 MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n";

struct AuditRow {
  std::string action;
  std::string actor;
  std::string detail;
  std::string reason;

  bool operator==(const AuditRow&) const = default;
};

}  // namespace
}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::AuditRow> {
  using T = accounts::AuditRow;
  static constexpr auto list = FieldList{Field{"action", &T::action}, Field{"actor_id", &T::actor},
                                         Field{"detail", &T::detail}, Field{"reason", &T::reason}};
};

namespace holdfast::accounts {
namespace {

struct VerificationTest : WithInventory {
  static constexpr sql::Statement audit_rows{
      "test.audit_rows", "SELECT action, actor_id, detail, reason FROM audit_entries ORDER BY at, action DESC"};
  static constexpr sql::Statement move_to_product{
      "test.move_to_product",
      "UPDATE verification_data SET carrier_account_id = NULL, product_id = $1::uuid WHERE kind = 'pin'"};
  // Everything that leaves the transaction: rows of every table that could hold it, as text.
  static constexpr sql::Statement traces{
      "test.traces",
      "SELECT (SELECT count(*) FROM runtime.outbox WHERE position($1::bytea IN payload) > 0)"
      " + (SELECT count(*) FROM verification_data v WHERE position($1::bytea IN v.sealed) > 0)"
      " + (SELECT count(*) FROM audit_entries a WHERE position(convert_from($1::bytea, 'UTF8') IN a::text) > 0)"};

  auto set(const SetVerification& command) {
    return transactor.run(call, [&](UnitOfWork& work) { return set_verification(work, command, keys); });
  }
  auto reveal_as(const Call& as, const RevealVerification& command) {
    return transactor.run(as, [&](UnitOfWork& work) { return reveal_verification(work, command, keys); });
  }
  auto reveal(const RevealVerification& command) { return reveal_as(call, command); }
  std::vector<AuditRow> audited() {
    return *database.read(call, [](sql::Transaction& transaction) { return transaction.many<AuditRow>(audit_rows); });
  }

  SetVerification pin() const {
    return {.carrier_account_id = carrier_account, .kind = VerificationKind::pin, .value = std::string(secret)};
  }
  RevealVerification wanted() const {
    return {.carrier_account_id = carrier_account, .kind = VerificationKind::pin, .reason = "outage at HQ"};
  }

  secrets::KeyRing keys = *secrets::KeyRing::from_text(key_lines);
};

TEST_F(VerificationTest, WhatIsKeptIsShownMasked) {
  const auto kept = set(pin());
  ASSERT_TRUE(kept) << describe(kept.error());
  EXPECT_EQ(kept->masked.find(secret), std::string::npos);
  const auto list = ask(list_verifications, ListVerifications{.carrier_account_id = carrier_account});
  ASSERT_TRUE(list) << describe(list.error());
  ASSERT_EQ(list->verifications.size(), 1u);
  EXPECT_EQ(list->verifications.at(0).verification, kept->verification);
  EXPECT_EQ(list->verifications.at(0).masked, kept->masked);
}

TEST_F(VerificationTest, RevealingTakesAReasonAndLeavesAnEntry) {
  ASSERT_TRUE(set(pin()));
  auto unexplained = wanted();
  unexplained.reason = "  ";
  EXPECT_EQ(reveal(unexplained).error().fields.at(0).field, "reason");
  const auto revealed = reveal(wanted());
  ASSERT_TRUE(revealed) << describe(revealed.error());
  EXPECT_EQ(revealed->value, secret);
  EXPECT_EQ(audited(), (std::vector<AuditRow>{{"verification.set", "test", "pin", ""},
                                              {"verification.reveal", "test", "pin", "outage at HQ"}}));
}

TEST_F(VerificationTest, ASecretIsNowhereInTheClear) {
  ASSERT_TRUE(run(add_product, circuit("1")));
  ASSERT_TRUE(set(pin()));
  ASSERT_TRUE(reveal(wanted()));
  const auto found = database.read(call, [](sql::Transaction& transaction) {
    return transaction.one<std::int64_t>(traces, sql::Bytes{std::string(secret)});
  });
  EXPECT_EQ(*found, 0);
  EXPECT_EQ(take_published(), std::vector<std::string>{"holdfast.product-added.v1"});
  auto long_one = pin();
  long_one.value = std::string(secret) + std::string(max_value_bytes, 'x');
  const auto refused = set(long_one);
  EXPECT_EQ(describe(refused.error()).find(secret), std::string::npos);
}

TEST_F(VerificationTest, TheNewerValueReplacesTheOlder) {
  ASSERT_TRUE(set(pin()));
  auto newer = pin();
  newer.value = "0815";
  ASSERT_TRUE(set(newer));
  EXPECT_EQ(reveal(wanted())->value, "0815");
}

TEST_F(VerificationTest, ASealedRowOpensInItsPlaceOnly) {
  const auto product = run(add_product, circuit("1"));
  ASSERT_TRUE(set(pin()));
  const auto moved = database.transact(
      call, [&](sql::Transaction& transaction) { return transaction.exec(move_to_product, product->id); });
  ASSERT_EQ(*moved, 1);
  const RevealVerification elsewhere{.product_id = product->id, .kind = VerificationKind::pin, .reason = "outage"};
  EXPECT_EQ(reveal(elsewhere).error().reason, Reason::secret_unreadable);
}

TEST_F(VerificationTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(reveal(wanted()).error().reason, Reason::verification_not_found);
  auto nothing = wanted();
  nothing.carrier_account_id = {};
  EXPECT_EQ(reveal(nothing).error().reason, Reason::field_required);
  auto both = wanted();
  both.product_id = ProductId{new_uuid()};
  EXPECT_EQ(reveal(both).error().fields.at(0).field, "product_id");
  both.carrier_account_id = {};
  EXPECT_EQ(reveal(both).error().reason, Reason::product_not_found);
  EXPECT_TRUE(audited().empty());
}

TEST_F(VerificationTest, AnotherAgencySeesNothing) {
  ASSERT_TRUE(set(pin()));
  EXPECT_EQ(reveal_as(stranger, wanted()).error().reason, Reason::carrier_account_not_found);
  EXPECT_EQ(
      ask_as(stranger, list_verifications, ListVerifications{.carrier_account_id = carrier_account}).error().reason,
      Reason::carrier_account_not_found);
}

}  // namespace
}  // namespace holdfast::accounts
