#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

constexpr sql::Statement note{"test.note", "INSERT INTO effects (text) VALUES ($1::text)"};
constexpr sql::Statement shown{"test.shown", "SELECT current_setting('app.agencies')"};
constexpr sql::Statement noted{"test.noted", "SELECT text FROM effects ORDER BY place"};
constexpr auto effects = "SELECT count(*) FROM effects";
constexpr auto transactions = "SELECT count(DISTINCT xmin::text) FROM effects";
constexpr auto inbox = "SELECT count(*) FROM runtime.inbox";

struct ConsumerBatchTest : EventsTest {
  void SetUp() override {
    temporary.run(
        "CREATE TABLE effects (place bigint GENERATED ALWAYS AS IDENTITY, text text);"
        "GRANT SELECT, INSERT ON effects TO PUBLIC");
    create_topic();
  }

  static std::string text_of(const Event& event) {
    tests::SampleHappened message;
    message.ParseFromString(event.payload);
    return message.sample().text();
  }
  // As a handler would write.
  static Result<> keep(UnitOfWork& unit, const Event& event) {
    TRY(unit.transaction.exec(note, text_of(event)));
    return {};
  }
  // On Kafka before a consumer asks for it, so that one poll finds it all.
  void relay_all() {
    Relay relay(database, outbox, relay_options());
    ASSERT_TRUE(relay.relay_once());
  }
  std::vector<std::string> numbered(int first, int end) {
    std::vector<std::string> texts;
    for (int number = first; number < end; ++number) texts.push_back(std::to_string(number));
    return texts;
  }
  // In one stream.
  void happens(const std::vector<std::string>& texts) {
    std::vector<Event> events;
    for (const auto& text : texts) events.push_back(happened("a", text));
    ASSERT_TRUE(publish(events));
    relay_all();
  }
};

TEST_F(ConsumerBatchTest, WhatAPollGaveIsOneTransaction) {
  happens(numbered(0, 100));
  std::atomic<int> dropped{0}, hinted{0};
  {
    Consumer consumer(transactor, consumer_options());
    consumer.on("test.note", "", [&](UnitOfWork& unit, const Event& event) -> Result<> {
      unit.after_commit.push_back([&dropped] { ++dropped; });
      unit.hints.push_back([&hinted] { ++hinted; });
      return keep(unit, event);
    });
    consumer.start();
    ASSERT_TRUE(becomes(effects, 100));
  }
  EXPECT_EQ(dropped, 100) << "what is to be done after the commit is done once";
  EXPECT_EQ(hinted, 100);
  EXPECT_EQ(query<std::string>(noted), numbered(0, 100));
  EXPECT_LE(value<std::int64_t>(transactions), 10) << "the first may come before the others";
  EXPECT_EQ(value<std::int64_t>(inbox), 100);
}

TEST_F(ConsumerBatchTest, AFailureAmongThemLeavesAllOthersDoneOnceAndInOrder) {
  auto texts = numbered(0, 60);
  texts[20] = "poison";
  texts[40] = "not now";
  happens(texts);
  std::atomic<int> away{2};
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.note", "", [&](UnitOfWork& unit, const Event& event) -> Result<> {
    CHECK_OK(keep(unit, event));
    if (text_of(event) == "poison") return fail(Reason::field_invalid, "bad text");
    if (text_of(event) == "not now" && away-- > 0) return fail(Reason::dependency_unavailable, "away");
    return {};
  });
  consumer.start();
  ASSERT_TRUE(becomes(effects, 59));
  texts.erase(texts.begin() + 20);
  EXPECT_EQ(query<std::string>(noted), texts);
  EXPECT_EQ(value<std::int64_t>(inbox), 60);
  EXPECT_EQ(query<std::int64_t>(count_dead).at(0), 1);
  EXPECT_EQ(consumer.dead(), 1);

  happens(numbered(60, 100));
  ASSERT_TRUE(becomes(effects, 99)) << "its partition goes on";
  EXPECT_LE(value<std::int64_t>("SELECT count(DISTINCT xmin::text) FROM effects WHERE place > 100"), 10)
      << "and several together";
}

// Its offsets were not stored: to Kafka's mind nothing was handled.
TEST_F(ConsumerBatchTest, ACrashBetweenCommitAndOffsetRepeatsNothing) {
  happens(numbered(0, 50));
  const auto handle_all = [&](const std::string& group) {
    auto options = consumer_options();
    options.group = group;
    Consumer consumer(transactor, options);
    consumer.on("test.note", "", &keep);
    consumer.start();
    EXPECT_TRUE(handles_all(consumer));
    EXPECT_EQ(consumer.handled(), 50);
  };
  handle_all(topic + ".before");
  handle_all(topic + ".after");
  EXPECT_EQ(query<std::string>(noted), numbered(0, 50));
}

TEST_F(ConsumerBatchTest, EachEventOfATransactionSeesItsOwnAgencyAndKeepsItsCall) {
  std::vector<Event> events;
  std::vector<std::string> agencies;
  for (int number = 0; number < 20; ++number) {
    auto event = happened("a", std::to_string(number));
    event.agency = AgencyId{new_uuid()};
    event.request_id = "request." + std::to_string(number);
    agencies.push_back(to_string(event.agency));
    events.push_back(event);
  }
  ASSERT_TRUE(publish(events));
  relay_all();
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.see", "", [&](UnitOfWork& unit, const Event& event) -> Result<> {
    TRY(unit.transaction.exec(note, TRY(unit.transaction.one<std::string>(shown))));
    auto reaction = happened("b", text_of(event));
    reaction.agency = unit.agency();
    unit.published.push_back(std::move(reaction));
    return {};
  });
  consumer.start();
  ASSERT_TRUE(becomes(effects, 20));
  EXPECT_EQ(query<std::string>(noted), agencies);
  EXPECT_LE(value<std::int64_t>(transactions), 10);
  EXPECT_TRUE(becomes("SELECT count(*) FROM runtime.outbox WHERE headers LIKE E'%\\nrequest.%'", 20));
  EXPECT_EQ(value<std::int64_t>("SELECT count(DISTINCT headers) FROM runtime.outbox"), 20);
}

// Of one partition an event waits for what is away; the others do not wait for it.
TEST_F(ConsumerBatchTest, AnEventThatWaitsHoldsUpItsOwnPartitionAlone) {
  std::vector<Event> stuck, free;
  for (int account = 0; stuck.size() < 21 || free.size() < 21; ++account) {
    const auto key = happened(std::to_string(account), "").key;
    const auto partition = rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), 3, nullptr, nullptr);
    auto& list = partition == 0 ? stuck : free;
    const auto name = (partition == 0 ? "stuck." : "free.") + std::to_string(list.size());
    if (list.size() < 21) list.push_back(happened(std::to_string(account), name));
  }
  const auto late = {stuck.back(), free.back()};
  stuck.pop_back();
  free.pop_back();
  ASSERT_TRUE(publish(stuck));
  ASSERT_TRUE(publish(free));
  relay_all();
  std::atomic<bool> away{true};
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.note", "", [&](UnitOfWork& unit, const Event& event) -> Result<> {
    if (away && text_of(event) == "stuck.3") return fail(Reason::dependency_unavailable, "away");
    return keep(unit, event);
  });
  consumer.start();
  ASSERT_TRUE(becomes(effects, 23)) << "three before it, too";
  EXPECT_TRUE(eventually([&] { return consumer.waiting_seconds() > 0; })) << "operators see that it waits";
  EXPECT_EQ(value<std::int64_t>("SELECT count(*) FROM effects WHERE text LIKE 'free.%'"), 20) << "all of the others";
  ASSERT_TRUE(publish(late));
  relay_all();
  ASSERT_TRUE(becomes(effects, 24)) << "also while it waits";
  away = false;
  ASSERT_TRUE(becomes(effects, 42));
  EXPECT_TRUE(eventually([&] { return consumer.waiting_seconds() == 0; }));
  const auto texts = query<std::string>(noted);
  std::vector<std::string> in_order;
  for (const auto& text : texts) {
    if (text.starts_with("stuck.")) in_order.push_back(text);
  }
  ASSERT_EQ(in_order.size(), 21u);
  for (size_t place = 0; place < in_order.size(); ++place) {
    EXPECT_EQ(in_order[place], "stuck." + std::to_string(place));
  }
}

// However much lies in Kafka. That there was time to fetch it all is shown by another group, which meanwhile does.
TEST_F(ConsumerBatchTest, WhileItIsBusyItFetchesNoMoreThanItMayHold) {
  const std::string text(200'000, 'x');
  for (int part = 0; part < 6; ++part) happens(std::vector<std::string>(10, text));
  auto other_options = consumer_options();
  other_options.group = topic + ".other";
  Consumer other(transactor, other_options);
  other.on("test.other", "", [](UnitOfWork&, const Event&) -> Result<> { return {}; });
  auto options = consumer_options();
  options.fetched_bytes = 1024 * 1024;
  Consumer busy(transactor, options);
  std::int64_t most = 0;  // the consumer's thread has it
  busy.on("test.busy", "", [&](UnitOfWork&, const Event&) -> Result<> {
    most = std::max(most, busy.fetched());
    EXPECT_TRUE(eventually([&] { return other.handled() == 60; }));
    return {};
  });
  busy.start();
  other.start();
  ASSERT_TRUE(handles_all(busy));
  EXPECT_LE(most, 6 + 11) << "a fetch comes on top";
}

// What one has taken and not handled is forgotten when its partitions are dealt out anew.
TEST_F(ConsumerBatchTest, ARebalanceWhileAnEventWaitsLosesAndRepeatsNothing) {
  std::vector<Event> events;
  for (int number = 0; number < 60; ++number) {
    events.push_back(happened(std::to_string(number % 12), fmt::format("{}.{:02}", number % 12, number)));
  }
  ASSERT_TRUE(publish(events));
  relay_all();
  std::atomic<bool> away{true};
  std::atomic<int> tries{0};
  const auto handler = [&](UnitOfWork& unit, const Event& event) -> Result<> {
    if (away && text_of(event).ends_with(".24")) {
      ++tries;
      return fail(Reason::dependency_unavailable, "away");
    }
    return keep(unit, event);
  };
  Consumer first(transactor, consumer_options()), second(transactor, consumer_options());
  first.on("test.note", "", handler);
  second.on("test.note", "", handler);
  const auto until = std::chrono::steady_clock::now() + 60s;
  first.start();
  while (tries < 2 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  second.start();
  while (second.lag() < 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  away = false;
  ASSERT_TRUE(becomes(effects, 60));
  EXPECT_EQ(value<std::int64_t>("SELECT count(DISTINCT text) FROM effects"), 60);
  EXPECT_EQ(value<std::int64_t>(
                "SELECT count(*) FROM effects AS a JOIN effects AS b ON a.place < b.place AND a.text > b.text "
                "AND split_part(a.text, '.', 1) = split_part(b.text, '.', 1)"),
            0)
      << "those of an account are in order";
}

}  // namespace
}  // namespace holdfast::events
