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
}

}  // namespace
}  // namespace holdfast::events
