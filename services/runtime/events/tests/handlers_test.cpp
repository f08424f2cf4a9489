#include "runtime/events/handlers.h"

#include <gmock/gmock.h>

#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

using ::testing::ElementsAre;

constexpr sql::Statement look{"test.look", "SELECT count(*) FROM known WHERE text = $1::text"};
constexpr sql::Statement plan_of_look{"test.plan_of_look", "EXPLAIN (COSTS OFF) EXECUTE \"test.look\" ('a')"};

struct HandlersTest : EventsTest {
  // In one session, which keeps its plans.
  sql::Database one_session{{.url = temporary.url(), .pool_size = 1, .constraints = {}}};
  Transactor in_one_session{one_session, outbox, clock};
  Handlers handlers{in_one_session, "test", 10s};

  // What the session has settled for after some more events, handled `by` somebody.
  std::string plan_after(const std::function<Result<>(const Event&, const Event&)>& by) {
    // Often enough that PostgreSQL has settled for one plan.
    for (int time = 0; time < 8; ++time) EXPECT_TRUE(by(happened("a", "1"), happened("a", "2")));
    std::string plan;
    const auto lines = one_session.read(
        call, [](sql::Transaction& transaction) { return transaction.many<std::string>(plan_of_look); });
    EXPECT_TRUE(lines) << describe(lines.error());
    for (const auto& line : *lines) plan += line + "\n";
    return plan;
  }
};

struct PlansOfHandlersTest : HandlersTest {
  // A table that PostgreSQL counted while it was one page, which it would read sooner than any index.
  void SetUp() override {
    temporary.run(
        "CREATE TABLE known (text text); CREATE INDEX known_by_text ON known (text);"
        "INSERT INTO known SELECT n FROM generate_series(1, 20) AS n; ANALYZE known; GRANT SELECT ON known TO PUBLIC");
    handlers.add({"test.look", "",
                  [](UnitOfWork& unit, const Event& event) -> Result<> {
                    TRY(unit.transaction.one<std::int64_t>(look, event.key));
                    return {};
                  },
                  nullptr});
  }
};

TEST_F(PlansOfHandlersTest, SeveralEventsLookByIndexAlsoInASmallTable) {
  const auto plan = plan_after([&](const Event& one, const Event& other) {
    return handlers.give_all(std::vector<const Event*>{&one, &other});
  });
  EXPECT_THAT(plan, ::testing::HasSubstr("known_by_text"));
}

TEST_F(PlansOfHandlersTest, SoDoesOneAlone) {
  const auto plan =
      plan_after([&](const Event& one, const Event&) { return handlers.give(handlers.list().front(), one); });
  EXPECT_THAT(plan, ::testing::HasSubstr("known_by_text"));
}

struct Copies : KeepsCopies {
  std::vector<std::vector<std::string>> dropped;

  void drop(const std::vector<std::string>& keys) override { dropped.push_back(keys); }
};

TEST_F(HandlersTest, WhatSeveralEventsDropIsDroppedAtOnceAndEachOnce) {
  Copies copies;
  handlers.add({"test.drop", "",
                [&copies](UnitOfWork& unit, const Event& event) -> Result<> {
                  unit.drops[&copies].push_back(event.key);
                  unit.drops[&copies].push_back("all");
                  return {};
                },
                nullptr});
  const auto b = happened("b", "1"), a = happened("a", "2"), again = happened("b", "3");
  const std::vector<const Event*> events{&b, &a, &again};
  EXPECT_TRUE(handlers.give_all(events));
  EXPECT_THAT(copies.dropped, ElementsAre(::testing::UnorderedElementsAre(a.key, b.key, "all")));
  EXPECT_TRUE(handlers.give_all(events));
  EXPECT_EQ(copies.dropped.size(), 1u) << "they were handled before";
}

}  // namespace
}  // namespace holdfast::events
