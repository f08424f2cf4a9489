#include <gmock/gmock.h>
#include <librdkafka/rdkafka.h>

#include <map>

#include "runtime/events/new_topics.h"
#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

using ::testing::Contains;
using ::testing::Pair;

struct TopicsTest : EventsTest {
  // The name of a topic that is there, so that <topic>.new cannot be.
  std::string in_the_way() {
    auto name = topic + "_new";
    const auto created = create_topics(kafka_brokers(), {{.name = name}}, 30s);
    EXPECT_TRUE(created) << describe(created.error());
    return name;
  }
  void remove(const std::string& name) {
    const auto handle = kafka::make_handle(kafka::make_configuration({kafka_brokers(), {}}), false);
    auto* unwanted = rd_kafka_DeleteTopic_new(name.c_str());
    auto* queue = rd_kafka_queue_new(handle->get());
    rd_kafka_DeleteTopics(handle->get(), &unwanted, 1, nullptr, queue);
    auto* event = rd_kafka_queue_poll(queue, 60000);
    EXPECT_EQ(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_DeleteTopic_destroy(unwanted);
  }
  // What Kafka keeps about the topic that is not its default.
  std::map<std::string, std::string> kept() {
    const auto handle = kafka::make_handle(kafka::make_configuration({kafka_brokers(), {}}), false);
    auto* wanted = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
    auto* queue = rd_kafka_queue_new(handle->get());
    rd_kafka_DescribeConfigs(handle->get(), &wanted, 1, nullptr, queue);
    auto* event = rd_kafka_queue_poll(queue, 60000);
    size_t resources = 0, count = 0;
    const auto* const* resource =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &resources);
    EXPECT_EQ(resources, 1u);
    const auto* const* entries = rd_kafka_ConfigResource_configs(*resource, &count);
    std::map<std::string, std::string> found;
    for (size_t place = 0; place < count; ++place) {
      if (rd_kafka_ConfigEntry_source(entries[place]) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG) continue;
      found[rd_kafka_ConfigEntry_name(entries[place])] = rd_kafka_ConfigEntry_value(entries[place]);
    }
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_ConfigResource_destroy(wanted);
    return found;
  }
};

TEST_F(TopicsTest, OfSeveralReplicasTwoMustHaveAnEvent) {
  EXPECT_THAT(entries_of({.name = "a", .replicas = 1}), Contains(Pair("min.insync.replicas", "1")));
  EXPECT_THAT(entries_of({.name = "a", .replicas = 2}), Contains(Pair("min.insync.replicas", "2")));
  EXPECT_THAT(entries_of({.name = "a", .replicas = 3}), Contains(Pair("min.insync.replicas", "2")));
}

TEST_F(TopicsTest, KafkaIsToldWhatItShallKeepAndHowSafely) {
  create_topic();
  const auto entries = kept();
  EXPECT_THAT(entries, Contains(Pair("min.insync.replicas", "1")));
  EXPECT_THAT(entries, Contains(Pair("retention.ms", std::to_string(Topic{}.retention.count()))));
  EXPECT_THAT(entries, Contains(Pair("message.timestamp.type", "LogAppendTime")));
}

// Kafka refuses a name that differs from another's in "." and "_" alone.
TEST_F(TopicsTest, ATopicThatCannotBeMadeHoldsUpItsOwnEventsAndIsAskedForOn) {
  create_topic();
  const auto taken = in_the_way();
  auto stuck = happened("a", "stuck");
  stuck.topic += ".new";
  ASSERT_TRUE(publish({stuck, happened("a", "1")}));
  auto options = relay_options();
  options.topics = {{.name = stuck.topic}, {.name = topic}};
  options.topic_patience = 100ms;
  options.topic_pause = 100ms;
  Relay relay(database, outbox, options);
  relay.start();
  ASSERT_TRUE(becomes("SELECT count(*) FROM runtime.outbox", 1)) << "others do not wait for it";
  remove(taken);
  EXPECT_TRUE(becomes("SELECT count(*) FROM runtime.outbox", 0));
  EXPECT_EQ(relay.parked(), 0);
}

TEST_F(TopicsTest, NothingIsParkedWhileItsTopicCannotBeMade) {
  create_topic();
  in_the_way();
  auto stuck = happened("a", "stuck");
  stuck.topic += ".new";
  ASSERT_TRUE(publish({stuck, happened("a", "1")}));
  auto options = relay_options();
  options.topics = {{.name = stuck.topic}};
  options.topic_patience = 100ms;
  options.topic_pause = 24h;
  options.topic_grace = 0ms;
  Relay relay(database, outbox, options);
  relay.start();
  ASSERT_TRUE(becomes("SELECT count(*) FROM runtime.outbox", 1));
  ASSERT_TRUE(publish({happened("a", "2")}));
  EXPECT_TRUE(becomes("SELECT count(*) FROM runtime.outbox WHERE sequence = 2", 0))
      << "the round of the first has ended";
  EXPECT_EQ(relay.parked(), 0);
}

}  // namespace
}  // namespace holdfast::events
