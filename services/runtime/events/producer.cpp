#include "runtime/events/producer.h"

#include <librdkafka/rdkafka.h>

#include "runtime/core/time.h"
#include "runtime/events/rows.h"
#include "runtime/log/log.h"

namespace holdfast::events {

// The batch on its way: which of its events have been acknowledged. Delivery reports carry a pointer to their slot.
struct Producer::Flight {
  struct Slot {
    Flight* flight;
    bool acknowledged = false;
  };
  std::vector<Slot> slots;
  size_t answered = 0;
  bool failed = false;
};

namespace {

// How many messages librdkafka may hold: far above a batch, so that producing never meets a full queue.
constexpr auto queue_limit = "100000";

kafka::Configuration configuration_of(const std::string& brokers) {
  return {brokers,
          {{"enable.idempotence", "true"},
           {"acks", "all"},
           {"message.timeout.ms", "0"},  // never given up by librdkafka: we decide
           {"linger.ms", "0"},
           {"partitioner", "murmur2_random"},  // Java's: co-partitioned with any integrator
           {"message.max.bytes", "1000000"},
           {"queue.buffering.max.messages", queue_limit}}};
}

}  // namespace

Producer::Producer(std::string brokers) : brokers_(std::move(brokers)) {}
Producer::~Producer() = default;

bool Producer::start() {
  if (handle_) return true;
  static log::Repeated troubles(std::chrono::seconds(10));
  auto* configuration = kafka::make_configuration(configuration_of(brokers_));
  rd_kafka_conf_set_dr_msg_cb(configuration, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    auto* slot = static_cast<Flight::Slot*>(message->_private);
    slot->acknowledged = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    slot->flight->failed |= !slot->acknowledged;
    ++slot->flight->answered;
  });
  auto made = kafka::make_handle(configuration, false);
  if (!made) {
    troubles.warn("no Kafka producer", {{"error", made.error().message}});
    return false;
  }
  handle_ = *std::move(made);
  return true;
}

bool Producer::produce(const Queued& event, Flight& flight, size_t place) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(12);
  const auto add = [&](const char* name, const std::string& value) {
    rd_kafka_header_add(headers, name, -1, value.data(), static_cast<ssize_t>(value.size()));
  };
  const auto separator = event.headers.find('\n');
  add("ce_specversion", "1.0");
  add("ce_id", to_string(event.id));
  add("ce_source", source_of(event.topic));
  add("ce_type", event.type);
  add("ce_time", format_instant(event.occurred_at));
  add("ce_sequence", std::to_string(event.sequence));
  add("ce_partitionkey", event.key);
  add("ce_agency", to_string(event.agency));
  add("content-type", "application/protobuf");
  if (separator > 0 && separator != std::string::npos) add("ce_traceparent", event.headers.substr(0, separator));
  if (separator != std::string::npos) add("ce_requestid", event.headers.substr(separator + 1));
  const auto error = rd_kafka_producev(
      handle_.get(), RD_KAFKA_V_TOPIC(event.topic.c_str()), RD_KAFKA_V_KEY(event.key.data(), event.key.size()),
      RD_KAFKA_V_VALUE(const_cast<char*>(event.payload.data.data()), event.payload.data.size()),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(&flight.slots[place]),
      RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

std::vector<std::int64_t> Producer::send(std::span<const Queued> batch, std::chrono::milliseconds patience) {
  if (!start()) return {};
  Flight flight;
  flight.slots.assign(batch.size(), {&flight});
  size_t sent = 0;
  while (sent < batch.size() && produce(batch[sent], flight, sent)) ++sent;
  flight.failed = sent < batch.size();

  const auto until = std::chrono::steady_clock::now() + patience;
  while (!flight.failed && flight.answered < sent && std::chrono::steady_clock::now() < until) {
    rd_kafka_poll(handle_.get(), 100);
  }
  if (flight.answered < sent) {
    rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (flight.answered < sent) rd_kafka_poll(handle_.get(), 100);  // a purge answers for every message
  }
  std::vector<std::int64_t> acknowledged;
  for (size_t place = 0; place < sent; ++place) {
    if (flight.slots[place].acknowledged) acknowledged.push_back(batch[place].seq);
  }
  if (acknowledged.size() < batch.size()) handle_.reset();
  return acknowledged;
}

}  // namespace holdfast::events
