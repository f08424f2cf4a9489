#include <future>

#include "runtime/sql/tests/things.h"
#include "runtime/testing/listening_port.h"
#include "runtime/testing/looks.h"

namespace holdfast::sql {
namespace {

// What a session with PostgreSQL survives, and how it ends.
struct SessionTest : DatabaseTest {
  Database one{{.url = temporary.url(), .pool_size = 1, .constraints = reasons}};
};

TEST_F(SessionTest, AThrowingBodyGivesItsConnectionBackAndLeavesNothing) {
  const auto throws = [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.exec(insert_thing, thing("gone")));
    throw std::runtime_error("from the body");
  };
  EXPECT_THROW(static_cast<void>(one.transact(call, throws)), std::runtime_error);
  EXPECT_EQ(one.pool_use().open, one.pool_use().idle);
  const auto next = one.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); });
  ASSERT_TRUE(next) << describe(next.error());
  EXPECT_EQ(*next, 0);
}

// Of a server that never says a word.
std::string url_of(const testing::ListeningPort& silent) {
  return "host=127.0.0.1 user=x dbname=x port=" + std::to_string(silent.number());
}

TEST_F(SessionTest, AServerThatOpensNoSessionIsLeftAtTheDeadline) {
  const testing::ListeningPort server;
  Database silent{{.url = url_of(server), .pool_size = 1, .constraints = {}}};
  const auto read = silent.read(service_call(agency, "test", 100ms), [](Transaction&) -> Result<> { return {}; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, Reason::deadline_exceeded);
  EXPECT_EQ(silent.pool_use().open, 0);
}

TEST_F(SessionTest, AServerThatFallsSilentIsLeftAtTheDeadline) {
  static constexpr Statement no_timeout{"things.no_timeout", "SELECT set_config('statement_timeout', '0', true)"};
  static constexpr Statement silence{"things.silence", "SELECT pg_sleep(3600)::text"};
  const auto read = one.read(service_call(agency, "test", 200ms), [](Transaction& tx) -> Result<> {
    tx.defer(no_timeout);
    CHECK_OK(tx.exec(silence));
    return {};
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, Reason::deadline_exceeded);
  EXPECT_EQ(one.pool_use().open, 0) << "its answer may come any time: the session is not used again";
  EXPECT_TRUE(one.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); }));
}

TEST_F(SessionTest, WhatWasGivenUpDoesNotGoOnWithItsLocks) {
  static constexpr Statement no_timeout{"things.no_timeout", "SELECT set_config('statement_timeout', '0', true)"};
  static constexpr Statement silence{"things.silence", "SELECT pg_sleep(3600)::text"};
  const auto locked = thing("locked");
  ASSERT_TRUE(insert(locked));
  const auto done = one.transact(service_call(agency, "test", 200ms), [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.exec(no_timeout));
    CHECK_OK(tx.exec(rename_thing, locked.id, "by whom we left"));
    CHECK_OK(tx.exec(silence));
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::deadline_exceeded) << "no commit was sent: it is known not to be done";
  const auto next =
      one.transact(call, [&](Transaction& tx) { return tx.exec(rename_thing, locked.id, "by the next"); });
  EXPECT_TRUE(next) << describe(next.error());
}

TEST_F(SessionTest, WhoSaysNothingAnyMoreHoldsNobodyUpBeyondHisDeadline) {
  const auto held = thing("held");
  ASSERT_TRUE(insert(held));
  const auto done = one.transact(service_call(agency, "test", 300ms), [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.exec(rename_thing, held.id, "by who stands still"));
    const auto next =
        database.transact(call, [&](Transaction& other) { return other.exec(rename_thing, held.id, "by the next"); });
    EXPECT_TRUE(next) << describe(next.error());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::deadline_exceeded);
}

TEST_F(SessionTest, TheStatementsOfATransactionShareOneDeadline) {
  static constexpr Statement nap{"things.nap", "SELECT pg_sleep(0.05)::text"};
  const auto read = one.read(service_call(agency, "test", 300ms), [](Transaction& tx) -> Result<> {
    for (int index = 0; index < 100; ++index) CHECK_OK(tx.exec(nap));
    return {};
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, Reason::deadline_exceeded);
}

TEST_F(SessionTest, NothingIsBegunForACallerWhoWentAway) {
  std::stop_source away;
  auto left = call;
  left.stop = away.get_token();
  const auto done = one.transact(left, [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.exec(insert_thing, thing("gone")));
    away.request_stop();
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::cancelled);
  EXPECT_EQ(count(call), 0);
}

// Blocks until a session of this database waits for a lock.
void wait_for_a_waiter(Database& database, const Call& call) {
  const auto waiting = [&] {
    return *database.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(testing::held_up); });
  };
  while (waiting() == 0) std::this_thread::yield();
}

TEST_F(SessionTest, ACallerWhoGoesAwayLeavesAStatementThatWaitsAndItsLocks) {
  const auto held = thing("held"), taken = thing("taken");
  ASSERT_TRUE(insert(held));
  ASSERT_TRUE(insert(taken));
  const auto patient = service_call(agency, "test", 120s);
  std::stop_source away;
  auto leaving = patient;
  leaving.stop = away.get_token();
  const auto outcome = database.transact(patient, [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.exec(rename_thing, held.id, "by whom nobody can wait for"));
    auto left = std::async(std::launch::async, [&] {
      return one.transact(leaving, [&](Transaction& waiter) -> Result<> {
        CHECK_OK(waiter.exec(rename_thing, taken.id, "by whom we left"));
        CHECK_OK(waiter.exec(rename_thing, held.id, "by whom we left"));
        return {};
      });
    });
    wait_for_a_waiter(database, patient);
    away.request_stop();
    const auto done = left.get();
    EXPECT_TRUE(!done && done.error().reason == Reason::cancelled);
    const auto next =
        one.transact(patient, [&](Transaction& free) { return free.exec(rename_thing, taken.id, "by the next"); });
    EXPECT_TRUE(next) << describe(next.error());
    return {};
  });
  EXPECT_TRUE(outcome) << describe(outcome.error());
}

TEST_F(SessionTest, ACallerWhoGoesAwayWaitsForNoSessionToOpen) {
  const testing::ListeningPort server;
  Database silent{{.url = url_of(server), .pool_size = 1, .constraints = {}}};
  std::stop_source away;
  auto left = service_call(agency, "test", 120s);
  left.stop = away.get_token();
  auto read =
      std::async(std::launch::async, [&] { return silent.read(left, [](Transaction&) -> Result<> { return {}; }); });
  while (silent.pool_use().open == 0) std::this_thread::yield();
  away.request_stop();
  EXPECT_EQ(read.get().error().reason, Reason::cancelled);
}

TEST_F(SessionTest, ACallerWhoWentAwayDoesNotWaitForAConnection) {
  std::stop_source away;
  auto left = call;
  left.stop = away.get_token();
  away.request_stop();
  EXPECT_TRUE(one.read(call, [&](Transaction&) -> Result<> {
    const auto inner = one.read(left, [](Transaction&) -> Result<> { return {}; });
    EXPECT_EQ(inner.error().reason, Reason::cancelled);
    return {};
  }));
}

TEST_F(SessionTest, WhatCannotBeSentFailsTheTransaction) {
  static constexpr Statement touch{"things.touch", "UPDATE things SET name = name WHERE id = $1"};
  const auto done = one.transact(call, [&](Transaction& tx) -> Result<> {
    CHECK_OK(tx.exec(touch, Uuid()));  // prepared from here on
    CHECK_OK(tx.exec(insert_thing, thing("half")));
    Parameters too_many;  // the protocol counts them in 16 bits
    for (int index = 0; index <= 65535; ++index) too_many.add(Uuid());
    tx.connection().enqueue(touch, std::move(too_many), {});
    return {};
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(count(call), 0);
}

TEST_F(SessionTest, AServerThatOnlyReadsIsNoPrimaryAndItsSessionIsLeft) {
  const auto write = [&] {
    return one.transact(call, [&](Transaction& tx) { return tx.exec(insert_thing, thing("a")); });
  };
  const auto only_reads = [&](const std::string& value) {
    temporary.run(
        "BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = " + value +
        "', current_database()); END $$; COMMIT");
  };
  only_reads("on");
  const auto refused = write();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::database_unavailable) << describe(refused.error());
  EXPECT_EQ(one.pool_use().open, 0);
  only_reads("off");
  const auto written = write();
  EXPECT_TRUE(written) << describe(written.error());
}

TEST_F(SessionTest, WhatWritesInAReadIsOurFaultAndNotTheServers) {
  const auto read = one.read(call, [&](Transaction& tx) { return tx.exec(insert_thing, thing("a")); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, Reason::internal);
  EXPECT_EQ(one.pool_use().idle, 1);
}

TEST_F(SessionTest, RefusesColumnsOfAnotherTypeTheSecondTimeToo) {
  const auto wrong = [&] { return one.read(call, [](Transaction& tx) { return tx.one<std::int32_t>(count_things); }); };
  const auto right = [&] { return one.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); }); };
  EXPECT_FALSE(wrong());
  EXPECT_FALSE(wrong());
  EXPECT_TRUE(right()) << "the statement itself is good";
  EXPECT_FALSE(wrong()) << "each use is compared, not the first alone";
}

TEST_F(SessionTest, TwoStatementsOfOneNameEndTheProcess) {
  static constexpr Statement ours{"requests.find", "SELECT 1::bigint"};
  static constexpr Statement theirs{"requests.find", "SELECT 2::bigint"};
  const auto both = [&] {
    static_cast<void>(one.read(call, [](Transaction& tx) -> Result<std::int64_t> {
      CHECK_OK(tx.one<std::int64_t>(ours));
      return tx.one<std::int64_t>(theirs);
    }));
  };
  EXPECT_DEATH(both(), "two statements are named requests.find");
}

}  // namespace
}  // namespace holdfast::sql
