// The conversations' surroundings with a real broker.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>

#include "kafka.h"
#include "kafka_surroundings.h"
#include "runtime/events/kafka.h"

namespace holdfast::simulation {
namespace {

using std::chrono::seconds;

constexpr int patience_ms = 5000;

// What the broker says of a topic that it was asked for a moment ago may be behind.
bool is_led(rd_kafka_t& handle, const std::string& name) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(&handle, 1, nullptr, &metadata, patience_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
  const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> owned(
      metadata, rd_kafka_metadata_destroy);
  for (int index = 0; index < metadata->topic_cnt; ++index) {
    const auto& topic = metadata->topics[index];
    if (topic.topic != name) continue;
    size_t led = 0;
    for (int part = 0; part < topic.partition_cnt; ++part) led += topic.partitions[part].leader >= 0 ? 1 : 0;
    return led == Kafka::partitions;
  }
  return false;
}

}  // namespace

void hold(std::uint64_t, const std::function<void()>& conversation) { conversation(); }

std::string brokers() {
  const char* told = std::getenv("HOLDFAST_TEST_KAFKA");
  if (!told) throw std::runtime_error("HOLDFAST_TEST_KAFKA says nothing");
  return told;
}

std::string brokers_out_of_reach() { return "127.0.0.1:1"; }

void make_topic(const std::string& name) {
  const auto created = events::create_topics(
      brokers(), {{.name = name, .partitions = static_cast<int>(Kafka::partitions)}}, seconds(30));
  if (!created) throw std::runtime_error(describe(created.error()));
  const auto handle = events::kafka::make_handle(events::kafka::make_configuration({brokers(), {}}), false);
  while (!is_led(*handle->get(), name)) continue;
}

void in_process(int, const std::function<void()>& does) { does(); }

// The broker is not told, as when the process is gone.
void kill(rd_kafka_t* handle) {
  std::thread([handle] { rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); }).detach();
}

}  // namespace holdfast::simulation
