#include "runtime/sql/tests/cutting_proxy.h"
#include "runtime/sql/tests/things.h"

namespace holdfast::sql {
namespace {

using Cut = CuttingProxy::Cut;

// What a caller is told whose connection is cut in the middle of a transaction.
struct OutcomeTest : DatabaseTest {
  Reason reason_when_cut(const std::string& word, Cut cut) {
    const CuttingProxy proxy(temporary.url(), word, cut);
    Database cut_off{{.url = proxy.through(temporary.url()), .pool_size = 1, .constraints = reasons}};
    const auto done = cut_off.transact(call, [&](Transaction& tx) -> Result<> {
      TRY(tx.exec(insert_thing, thing("thing")));
      return {};
    });
    EXPECT_FALSE(done);
    EXPECT_TRUE(cut_off.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); }))
        << "the next session is whole";
    return done ? Reason::internal : done.error().reason;
  }
};

TEST_F(OutcomeTest, ACommitThatWasNotAnsweredMayHaveBeenDone) {
  EXPECT_EQ(reason_when_cut("database.commit", Cut::after_it_is_done), Reason::outcome_unknown);
  EXPECT_EQ(count(call), 1) << "whoever repeats it without a request_id does it twice";
}

TEST_F(OutcomeTest, OrMayNot) {
  EXPECT_EQ(reason_when_cut("database.commit", Cut::before_it_is_heard), Reason::outcome_unknown);
  EXPECT_EQ(count(call), 0);
}

TEST_F(OutcomeTest, BeforeTheCommitNothingIsDone) {
  for (const auto cut : {Cut::before_it_is_heard, Cut::after_it_is_done}) {
    EXPECT_EQ(reason_when_cut("things.insert", cut), Reason::database_unavailable);
  }
  EXPECT_EQ(count(call), 0);
}

TEST_F(OutcomeTest, WhatOnlyReadsHasNoOutcomeToKnow) {
  const CuttingProxy proxy(temporary.url(), "database.commit", Cut::after_it_is_done);
  Database cut_off{{.url = proxy.through(temporary.url()), .pool_size = 1, .constraints = reasons}};
  const auto read = cut_off.read(call, [](Transaction& tx) -> Result<std::int64_t> {
    TRY(tx.one<std::int64_t>(count_things));
    return tx.one<std::int64_t>(count_things);
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, Reason::database_unavailable);
}

TEST_F(OutcomeTest, ACommitThatPostgreSqlRefusesIsKnownNotToBeDone) {
  ASSERT_TRUE(insert(thing("same")));
  const auto done = database.transact(call, [&](Transaction& tx) -> Result<> {
    tx.defer(insert_thing, thing("same"));
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::already_exists);
}

TEST_F(OutcomeTest, TheRemedyNamesTheRequestIdAndNobodyIsToldToRepeatWithoutOne) {
  EXPECT_NE(info(Reason::outcome_unknown).remedy.find("request_id"), std::string_view::npos);
  EXPECT_EQ(info(Reason::outcome_unknown).retry, Retry::after_refresh);
}

}  // namespace
}  // namespace holdfast::sql
