#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/events/consumer.h"
#include "runtime/events/lease.h"
#include "runtime/events/relay.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "sample.pb.h"

namespace holdfast::events {

using namespace std::chrono_literals;

inline constexpr std::array components{sql::Migrations{"runtime", runtime::migrations}};
inline constexpr sql::Statement count_inbox{"test.count_inbox", "SELECT count(*) FROM runtime.inbox"};
inline constexpr sql::Statement count_dead{"test.count_dead", "SELECT count(*) FROM runtime.dead_letters"};
inline constexpr sql::Statement sequences{"test.sequences", "SELECT sequence FROM runtime.outbox ORDER BY seq"};
inline constexpr auto dead_letters = "SELECT count(*) FROM runtime.dead_letters";

inline std::string kafka_brokers() {
  const char* brokers = std::getenv("HOLDFAST_TEST_KAFKA");
  return brokers ? brokers : "";
}

// What a consumer's handler saw, for a test that waits for it without sleeping.
class Seen {
 public:
  void add(std::string text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
    changed_.notify_all();
  }
  // At least so many, within a minute; fewer are a failure of the test.
  std::vector<std::string> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 60s, [&] { return texts_.size() >= count; });
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

struct EventsTest : ::testing::Test {
  Event happened(const std::string& account, const std::string& text) {
    tests::SampleHappened message;
    message.mutable_sample()->set_account_id(account);
    message.mutable_sample()->set_text(text);
    auto event = encode(message, agency, clock.now());
    event.topic = topic;  // a topic of this test's own
    return event;
  }
  Result<> publish(const std::vector<Event>& events) {
    return transactor.run(call, [&](UnitOfWork& unit) -> Result<> {
      unit.published = events;
      return {};
    });
  }
  template <class T>
  std::vector<T> query(const sql::Statement& statement) {
    auto rows = database.read(call, [&](sql::Transaction& transaction) { return transaction.many<T>(statement); });
    EXPECT_TRUE(rows);
    return rows ? *std::move(rows) : std::vector<T>();
  }
  Consumer::Options consumer_options() {
    return {.group = topic + ".group", .brokers = kafka_brokers(), .topics = {topic}};
  }
  Relay::Options relay_options() { return {.name = "relay", .brokers = kafka_brokers()}; }
  void create_topic() {
    const auto created =
        create_topics(kafka_brokers(), {{.name = topic, .partitions = 3}, {.name = topic + ".dlq"}}, 30s);
    ASSERT_TRUE(created) << describe(created.error());
  }

  template <class T>
  T value(const char* text) {
    const auto rows = query<T>({text, text});
    return rows.empty() ? T() : rows.front();
  }
  // Asks until it is so, at most for a minute.
  template <class Condition>
  static bool eventually(Condition is_so) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > until) return false;
    }
    return true;
  }
  bool becomes(const char* count, std::int64_t expected) {
    return eventually([&] { return value<std::int64_t>(count) == expected; });
  }
  // Whether all that was sent is handled within a minute. It is not known while the group's coordinator moves.
  static bool handles_all(Consumer& consumer) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < until) {
      const auto left = consumer.unhandled();
      if (left && *left == 0) return true;
    }
    return false;
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  Outbox outbox;
  Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", 30s);
  std::string topic = "test." + to_string(new_uuid());
};

}  // namespace holdfast::events
