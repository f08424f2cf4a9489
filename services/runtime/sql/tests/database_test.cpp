#include "runtime/sql/database.h"

#include <gmock/gmock.h>

#include <thread>

#include "runtime/sql/tests/things.h"

namespace holdfast::sql {
namespace {

TEST_F(DatabaseTest, ReadsWhatItWrote) {
  auto full = thing("full");
  auto sparse = thing("sparse");
  sparse.price.reset();
  sparse.due.reset();
  sparse.tags.clear();
  for (const auto& wanted : {full, sparse}) {
    ASSERT_TRUE(insert(wanted));
    const auto read = database.read(call, [&](Transaction& tx) { return tx.maybe<Thing>(load_thing, wanted.id); });
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(**read, wanted);
  }
}

TEST_F(DatabaseTest, HidesOtherAgenciesAndRefusesToWriteForThem) {
  ASSERT_TRUE(insert(thing("ours")));
  EXPECT_EQ(count(call), 1);
  EXPECT_EQ(count(call_of(AgencyId{new_uuid()})), 0);
  auto foreign = thing("theirs");
  foreign.agency = AgencyId{new_uuid()};
  EXPECT_FALSE(insert(foreign));
}

// In one round trip, for nothing else is sent: neither BEGIN nor COMMIT, which would have been prepared.
TEST_F(DatabaseTest, AReadOfOneStatementIsThatStatement) {
  static constexpr Statement prepared{"things.prepared",
                                      "SELECT name FROM pg_prepared_statements ORDER BY prepare_time, name"};
  Database one{{.url = temporary.url(), .pool_size = 1, .constraints = reasons}};
  ASSERT_TRUE(one.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); }));
  const auto names = one.read(call, [](Transaction& tx) { return tx.many<std::string>(prepared); });
  ASSERT_TRUE(names) << describe(names.error());
  EXPECT_THAT(*names, ::testing::UnorderedElementsAre("database.prepare_one_read", "things.count", "things.prepared"));
}

TEST_F(DatabaseTest, EachStatementOfAReadIsShownItsAgencyAlone) {
  ASSERT_TRUE(insert(thing("ours")));
  Database one{{.url = temporary.url(), .pool_size = 1, .constraints = reasons}};
  const auto counts = [&](const Call& caller) {
    return one.read(caller, [](Transaction& tx) -> Result<std::vector<std::int64_t>> {
      std::vector<std::int64_t> counts;
      for (int time = 0; time < 3; ++time) counts.push_back(TRY(tx.one<std::int64_t>(count_things)));
      return counts;
    });
  };
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(*counts(call), std::vector<std::int64_t>(3, 1));
    EXPECT_EQ(*counts(call_of(AgencyId{new_uuid()})), std::vector<std::int64_t>(3, 0));
  }
}

TEST_F(DatabaseTest, NoStatementOfAReadMayWrite) {
  for (int before = 0; before < 3; ++before) {
    const auto written = database.read(call, [&](Transaction& tx) -> Result<std::int64_t> {
      for (int time = 0; time < before; ++time) TRY(tx.one<std::int64_t>(count_things));
      return tx.exec(insert_thing, thing("written"));
    });
    ASSERT_FALSE(written) << before;
    EXPECT_NE(written.error().message.find("25006"), std::string::npos) << written.error().message;
  }
  EXPECT_EQ(count(call), 0);
}

TEST_F(DatabaseTest, WhatAReadDefersHoldsForAllOfIt) {
  auto theirs = thing("theirs");
  theirs.agency = AgencyId{new_uuid()};
  ASSERT_TRUE(
      database.transact(call_of(theirs.agency), [&](Transaction& tx) { return tx.exec(insert_thing, theirs); }));
  const auto seen = database.read(call, [&](Transaction& tx) -> Result<std::int64_t> {
    tx.set_agencies({theirs.agency});
    TRY(tx.one<std::int64_t>(count_things));
    return tx.one<std::int64_t>(count_things);
  });
  ASSERT_TRUE(seen) << describe(seen.error());
  EXPECT_EQ(*seen, 1);
}

TEST_F(DatabaseTest, ASweepShowsTheAgenciesItSetsUntilItsEnd) {
  ASSERT_TRUE(insert(thing("ours")));
  auto theirs = thing("theirs");
  theirs.agency = AgencyId{new_uuid()};
  const auto both = Agencies{agency, theirs.agency};
  const auto seen = database.transact(call_of(AgencyId()), [&](Transaction& tx) -> Result<std::int64_t> {
    EXPECT_EQ(*tx.one<std::int64_t>(count_things), 0);
    tx.set_agencies(both);
    TRY(tx.exec(insert_thing, theirs));
    return tx.one<std::int64_t>(count_things);
  });
  ASSERT_TRUE(seen) << describe(seen.error());
  EXPECT_EQ(*seen, 2);
  EXPECT_EQ(count(call_of(AgencyId())), 0);
}

TEST_F(DatabaseTest, NamesTheViolatedConstraint) {
  ASSERT_TRUE(insert(thing("same")));
  const auto again = insert(thing("same"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, Reason::already_exists);
  EXPECT_EQ(again.error().fields.at(0).field, "thing.name");
}

TEST_F(DatabaseTest, RollsBackWhenTheBodyFails) {
  const auto failed = database.transact(call, [&](Transaction& tx) -> Result<> {
    TRY(tx.exec(insert_thing, thing("gone")));
    return fail(Reason::illegal_transition, "no");
  });
  EXPECT_EQ(failed.error().reason, Reason::illegal_transition);
  EXPECT_EQ(count(call), 0);
}

TEST_F(DatabaseTest, WhatAFailedBodyDeferredIsNeverRun) {
  static constexpr Statement run{"things.run", "SELECT nextval('runs')"};
  static constexpr Statement was_run{"things.was_run", "SELECT is_called FROM runs"};
  temporary.run("CREATE SEQUENCE runs; GRANT ALL ON runs TO holdfast_test_app");  // it counts what is rolled back, too
  Database one{{.url = temporary.url(), .pool_size = 1, .constraints = reasons}};
  const auto failed = one.transact(call, [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.one<bool>(was_run));
    tx.defer(run);
    return fail(Reason::illegal_transition, "before it was sent");
  });
  EXPECT_FALSE(failed);
  const auto ran = one.read(call, [&](Transaction& tx) { return tx.one<bool>(was_run); });
  ASSERT_TRUE(ran) << describe(ran.error());
  EXPECT_FALSE(*ran);
}

TEST_F(DatabaseTest, AFailureInAFullPipelineLeavesACleanSession) {
  Database one{{.url = temporary.url(), .pool_size = 1, .constraints = reasons}};
  const auto failed = one.transact(call, [&](Transaction& tx) -> Result<> {
    for (int index = 0; index < 300; ++index) tx.defer(insert_thing, thing("same"));
    return fail(Reason::illegal_transition, "after the pipeline had failed by itself");
  });
  EXPECT_EQ(failed.error().reason, Reason::illegal_transition);
  const auto next = one.transact(call, [&](Transaction& tx) { return tx.exec(insert_thing, thing("next")); });
  EXPECT_TRUE(next) << describe(next.error());
  EXPECT_EQ(count(call), 1);
}

TEST_F(DatabaseTest, ADeferredFailureFailsTheCommit) {
  ASSERT_TRUE(insert(thing("same")));
  const auto failed = database.transact(call, [&](Transaction& tx) -> Result<> {
    tx.defer(insert_thing, thing("other"));
    tx.defer(insert_thing, thing("same"));
    return {};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, Reason::already_exists);
  EXPECT_EQ(count(call), 1);
  EXPECT_TRUE(insert(thing("after"))) << "the connection must be usable again";
}

TEST_F(DatabaseTest, DeferredStatementsBeyondThePipelineLimitAllArrive) {
  const auto done = database.transact(call, [&](Transaction& tx) -> Result<> {
    for (int index = 0; index < 1000; ++index) tx.defer(insert_thing, thing("thing " + std::to_string(index)));
    return {};
  });
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(count(call), 1000);
}

TEST_F(DatabaseTest, ASwallowedFailureIsNotCommitted) {
  ASSERT_TRUE(insert(thing("same")));
  const auto done = database.transact(call, [&](Transaction& tx) -> Result<> {
    EXPECT_FALSE(tx.exec(insert_thing, thing("same")));
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::internal);
}

TEST_F(DatabaseTest, RefusesColumnsOfAnotherType) {
  const auto read = database.read(call, [](Transaction& tx) { return tx.one<std::int32_t>(count_things); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, Reason::internal);
  EXPECT_NE(read.error().message.find("column 1 has type 20"), std::string::npos) << read.error().message;
}

TEST_F(DatabaseTest, RefusesColumnsInAnotherOrder) {
  static constexpr Statement swapped{"things.swapped",
                                     "SELECT id AS agency_id, agency_id AS id, colour, name, price_minor, "
                                     "price_currency, due, tags, created FROM things"};
  const auto read = database.read(call, [](Transaction& tx) { return tx.many<Thing>(swapped); });
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("column 3 is colour, ours is name"), std::string::npos) << read.error().message;
}

TEST_F(DatabaseTest, RefusesParametersOfAnotherType) {
  const auto done =
      database.transact(call, [](Transaction& tx) { return tx.exec(rename_thing, std::int64_t{1}, "x"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::internal);
}

TEST_F(DatabaseTest, RunsADeadlockedBodyAgain) {
  const auto one = thing("one");
  const auto two = thing("two");
  ASSERT_TRUE(insert(one) && insert(two));
  std::atomic<int> holding{0};
  std::atomic<int> runs{0};
  const auto swap = [&](Uuid first, Uuid second) {
    return database.transact(call_of(agency), [&, first, second](Transaction& tx) -> Result<> {
      ++runs;
      TRY(tx.exec(rename_thing, first, to_string(first)));
      ++holding;
      while (holding < 2) std::this_thread::yield();  // both hold their first row
      TRY(tx.exec(rename_thing, second, to_string(second)));
      return {};
    });
  };
  Result<> other;
  {
    const std::jthread thread([&] { other = swap(two.id, one.id); });
    const auto mine = swap(one.id, two.id);
    EXPECT_TRUE(mine) << describe(mine.error());
  }
  EXPECT_TRUE(other) << describe(other.error());
  EXPECT_GE(runs, 3);
}

TEST_F(DatabaseTest, OutlivesARestartOfItsSessions) {
  ASSERT_TRUE(insert(thing("before")));
  temporary.run(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'holdfast_test_app' AND "
      "datname = current_database()");
  EXPECT_TRUE(insert(thing("after")));
  EXPECT_EQ(count(call), 2);
}

TEST_F(DatabaseTest, StopsAtTheDeadline) {
  static constexpr Statement slow{"things.slow", "SELECT pg_sleep(60)::text"};
  const auto hurried = service_call(agency, "test", 100ms);
  const auto done = database.read(hurried, [](Transaction& tx) { return tx.exec(slow); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::deadline_exceeded);
}

TEST_F(DatabaseTest, WhoWaitsFirstHasTheConnectionFirst) {
  Database small{{.url = temporary.url(), .pool_size = 1, .constraints = {}}};
  std::mutex mutex;
  std::vector<std::string> order;
  const auto use = [&](const char* who) {
    EXPECT_TRUE(small.read(call, [&](Transaction&) -> Result<> {
      const std::lock_guard lock(mutex);
      order.emplace_back(who);
      return {};
    }));
  };
  std::jthread waits;
  EXPECT_TRUE(small.read(call, [&](Transaction&) -> Result<> {
    waits = std::jthread([&] { use("who waited"); });
    while (small.pool_use().waiting == 0) std::this_thread::yield();
    return {};
  }));
  use("who came later");
  waits.join();
  EXPECT_EQ(order, (std::vector<std::string>{"who waited", "who came later"}));
}

TEST_F(DatabaseTest, WaitsForAFreeConnectionOnlyUntilTheDeadline) {
  Database small{{.url = temporary.url(), .pool_size = 1, .constraints = {}}};
  const auto outer = small.read(call, [&](Transaction&) -> Result<> {
    const auto inner = small.read(service_call(agency, "test", 50ms), [](Transaction&) -> Result<> { return {}; });
    EXPECT_EQ(inner.error().reason, Reason::deadline_exceeded);
    return {};
  });
  EXPECT_TRUE(outer);
}

}  // namespace
}  // namespace holdfast::sql
