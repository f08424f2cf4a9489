#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

// One broker of librdkafka's own: a real one does not let a partition be without a leader while it runs.
class MockKafka {
 public:
  MockKafka()
      : handle_(*kafka::make_handle(kafka::make_configuration({{"127.0.0.1:1"}, {}}), false)),
        cluster_(rd_kafka_mock_cluster_new(handle_.get(), 1)) {}
  ~MockKafka() { rd_kafka_mock_cluster_destroy(cluster_); }
  MockKafka(const MockKafka&) = delete;
  MockKafka& operator=(const MockKafka&) = delete;

  std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void create(const std::string& topic) { rd_kafka_mock_topic_create(cluster_, topic.c_str(), 1, 1); }
  void take_leader(const std::string& topic) { lead(topic, -1); }
  void give_leader(const std::string& topic) { lead(topic, 1); }

 private:
  void lead(const std::string& topic, int broker) {
    EXPECT_EQ(rd_kafka_mock_partition_set_leader(cluster_, topic.c_str(), 0, broker), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  kafka::Handle handle_;
  rd_kafka_mock_cluster_t* cluster_;
};

struct SilentTopicTest : EventsTest {
  void SetUp() override {
    stuck.topic += ".silent";
    mock.create(topic);
    mock.create(stuck.topic);
    mock.take_leader(stuck.topic);
    options.brokers = mock.brokers();
    options.patience = 24h;
    options.topic_patience = 100ms;
    options.stall = 500ms;
    options.topic_grace = 0ms;
  }
  size_t waiting() { return query<std::int64_t>(sequences).size(); }

  MockKafka mock;
  Event stuck = happened("b", "stuck");
  Relay::Options options = relay_options();
};

TEST_F(SilentTopicTest, IsHeldBackAlone) {
  options.stall = 2s;  // the other topic must not seem silent where the machine is busy
  options.stalled_pause = 24h;
  Relay relay(database, outbox, options);
  ASSERT_TRUE(publish({stuck, happened("a", "1")}));
  EXPECT_FALSE(relay.relay_once());
  EXPECT_EQ(waiting(), 1u) << "what Kafka took is removed";
  ASSERT_TRUE(publish({happened("a", "2")}));
  EXPECT_EQ(*relay.relay_once(), 1u) << "others do not wait for it";
  EXPECT_EQ(*relay.relay_once(), 0u) << "and it is not tried";
  EXPECT_EQ(relay.parked(), 0);
}

// While Kafka has yet to answer for a batch, the next is read, sent and removed: what is on its way is not read again.
TEST_F(SilentTopicTest, HoldsUpNoBatchBehindIt) {
  options.stall = 24h;
  options.batch_events = 1;
  Relay relay(database, outbox, options);
  ASSERT_TRUE(publish({stuck, happened("a", "1")}));
  EXPECT_EQ(*relay.relay_once(), 1u);
  EXPECT_EQ(value<Uuid>("SELECT event_id FROM runtime.outbox"), stuck.id);
  ASSERT_TRUE(publish({happened("a", "2")}));
  EXPECT_EQ(*relay.relay_once(), 1u);
  EXPECT_EQ(value<Uuid>("SELECT event_id FROM runtime.outbox"), stuck.id);
  mock.give_leader(stuck.topic);
  EXPECT_EQ(*relay.relay_once(), 1u);
  EXPECT_EQ(waiting(), 0u);
}

TEST_F(SilentTopicTest, IsTriedAgainAndNotWaitedForAsLongAsAKafkaThatIsAway) {
  options.stalled_pause = 0ms;
  Relay relay(database, outbox, options);
  ASSERT_TRUE(publish({stuck, happened("a", "1")}));
  EXPECT_FALSE(relay.relay_once());
  EXPECT_FALSE(relay.relay_once()) << "it is all there is, and patience a day";
  mock.give_leader(stuck.topic);
  EXPECT_TRUE(eventually([&] {
    static_cast<void>(relay.relay_once());
    return waiting() == 0;
  }));
  EXPECT_EQ(relay.parked(), 0);
}

}  // namespace
}  // namespace holdfast::events
