#include "bench/bare_kafka.h"

#include <librdkafka/rdkafka.h>

#include <stdexcept>

#include "bench/bench.h"
#include "runtime/core/uuid.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr int headers_of_an_event = 9;
constexpr int streams = 2000;

}  // namespace

BareProducer::BareProducer(const std::string& brokers) {
  auto* configuration = events::kafka::make_configuration({brokers,
                                                           {{"enable.idempotence", "true"},
                                                            {"acks", "all"},
                                                            {"linger.ms", "0"},
                                                            {"partitioner", "murmur2_random"},
                                                            {"queue.buffering.max.messages", "100000"}}});
  rd_kafka_conf_set_opaque(configuration, &acknowledged_);
  rd_kafka_conf_set_dr_msg_cb(configuration, [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<std::atomic<std::int64_t>*>(opaque);
  });
  handle_ = require(events::kafka::make_handle(configuration, false));
}

void BareProducer::produce(const std::string& topic, const std::string& key, const std::string& value) {
  for (;;) {
    auto* headers = rd_kafka_headers_new(headers_of_an_event);
    for (int header = 0; header < headers_of_an_event; ++header) {
      rd_kafka_header_add(headers, "ce_something", -1, key.data(), static_cast<ssize_t>(key.size()));
    }
    const auto error =
        rd_kafka_producev(handle_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_KEY(key.data(), key.size()),
                          RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    rd_kafka_headers_destroy(headers);
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error(rd_kafka_err2str(error));
    rd_kafka_poll(handle_.get(), 10);
  }
}

double BareProducer::per_second(const std::string& topic, std::int64_t messages) {
  acknowledged_ = 0;
  const std::string value(300, 'x');
  const auto first = messages / 10;
  auto began = steady_clock::now();
  const auto poll = [&](int timeout_ms) {
    const bool before = acknowledged_ < first;
    rd_kafka_poll(handle_.get(), timeout_ms);
    if (before) began = steady_clock::now();
  };
  for (std::int64_t number = 0; number < messages; ++number) {
    produce(topic, to_string(named_uuid({}, std::to_string(number % streams))), value);
    poll(0);
  }
  while (acknowledged_ < messages) poll(100);
  return static_cast<double>(messages - first) / std::chrono::duration<double>(steady_clock::now() - began).count();
}

void BareProducer::send(const std::string& topic, std::int64_t number) {
  produce(topic, to_string(named_uuid({}, std::to_string(number % streams))), std::to_string(number));
  rd_kafka_poll(handle_.get(), 0);
}

void BareProducer::flush() { rd_kafka_flush(handle_.get(), 10'000); }

BareConsumer::BareConsumer(const std::string& brokers, const std::string& topic,
                           std::function<void(std::int64_t)> take) {
  auto* configuration = events::kafka::make_configuration(
      {brokers,
       {{"group.id", to_string(new_uuid())}, {"auto.offset.reset", "earliest"}, {"fetch.wait.max.ms", "100"}}});
  handle_ = require(events::kafka::make_handle(configuration, true));
  rd_kafka_poll_set_consumer(handle_.get());
  auto* topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(handle_.get(), topics);
  rd_kafka_topic_partition_list_destroy(topics);
  thread_ = std::jthread([this, take = std::move(take)](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const events::kafka::Message message(rd_kafka_consumer_poll(handle_.get(), 100));
      if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      take(std::stoll(std::string(static_cast<const char*>(message->payload), message->len)));
    }
  });
}

BareConsumer::~BareConsumer() {
  thread_.request_stop();
  thread_.join();
  rd_kafka_consumer_close(handle_.get());
}

}  // namespace holdfast::bench
