#include "runtime/events/producer.h"

#include <librdkafka/rdkafka.h>

#include "runtime/core/mutant.h"
#include "runtime/core/time.h"
#include "runtime/events/rows.h"
#include "runtime/log/log.h"

namespace holdfast::events {

// The batch on its way. Delivery reports carry a pointer to their slot, and come only while `send` polls.
struct Producer::Flight {
  struct Slot {
    Flight* flight;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__IN_PROGRESS;
  };
  std::vector<Slot> slots;
  size_t answered = 0;
};

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How many messages librdkafka may hold: far above a batch, so that producing never meets a full queue.
constexpr auto queue_limit = "100000";
constexpr milliseconds purge_patience{2000};

kafka::Configuration configuration_of(const kafka::Brokers& brokers, milliseconds topic_patience) {
  return {brokers,
          {{"enable.idempotence", "true"},
           // Without it, librdkafka goes on with event 6 of a stream when the broker has refused 5: consumers would see
           // 6 before 5, or never 5. With it, the producer stops for good, and is rebuilt.
           {"enable.gapless.guarantee", "true"},
           {"acks", "all"},
           {"message.timeout.ms", "0"},  // never given up by librdkafka: we decide
           {"topic.metadata.propagation.max.ms", std::to_string(topic_patience.count())},
           {"linger.ms", "0"},
           {"partitioner", "murmur2_random"},  // Java's: co-partitioned with any integrator
           {"message.max.bytes", "1000000"},
           {"queue.buffering.max.messages", queue_limit}}};
}

bool refuses_topic(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    // What the topic's settings or our host's clock make of any event: no verdict on this one.
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
      return true;
    default:
      return false;
  }
}

bool refuses_event(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
      return true;
    default:
      return false;
  }
}

}  // namespace

Producer::Producer(kafka::Brokers brokers, milliseconds topic_patience)
    : brokers_(std::move(brokers)), topic_patience_(topic_patience) {}
Producer::~Producer() = default;

bool Producer::start() {
  if (handle_) return true;
  static log::Repeated troubles(std::chrono::seconds(10));
  auto* configuration = kafka::make_configuration(configuration_of(brokers_, topic_patience_));
  rd_kafka_conf_set_dr_msg_cb(configuration, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    auto* slot = static_cast<Flight::Slot*>(message->_private);
    slot->error = message->err;
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

int Producer::produce(const Queued& event, Flight& flight, size_t place) {
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
  return error;
}

// Every message gets its answer, or the producer ends before the slots do.
void Producer::land(Flight& flight, size_t sent) {
  if (flight.answered == sent) return;
  rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  const auto until = steady_clock::now() + purge_patience;
  while (flight.answered < sent && steady_clock::now() < until) rd_kafka_poll(handle_.get(), 100);
}

// A partition without a leader answers nothing, while others do: they are not kept waiting for it.
void Producer::wait(const Flight& flight, size_t sent, milliseconds patience, milliseconds stall,
                    const std::function<bool()>& go_on) {
  auto until = steady_clock::now() + patience;
  const auto last = until;
  for (size_t seen = 0; flight.answered < sent && steady_clock::now() < until && go_on(); seen = flight.answered) {
    rd_kafka_poll(handle_.get(), 100);
    if (flight.answered > seen) until = std::min(last, steady_clock::now() + stall);
  }
}

Sent Producer::send(std::span<const Queued> batch, milliseconds patience, milliseconds stall,
                    const std::function<bool()>& go_on) {
  if (!start()) return {};
  // Whatever ends this function before all is acknowledged, be it bad_alloc, ends the producer as well.
  struct Guard {
    kafka::Handle& handle;
    bool keep = false;
    ~Guard() {
      if (!keep) handle.reset();
    }
  };
  Flight flight;
  Guard guard{handle_};
  flight.slots.assign(batch.size(), {&flight});
  size_t sent = 0;
  for (; sent < batch.size(); ++sent) {
    const auto error = static_cast<rd_kafka_resp_err_t>(produce(batch[sent], flight, sent));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    flight.slots[sent].error = error;  // what follows it in its stream must not go out
    break;
  }
  wait(flight, sent, patience, stall, go_on);
  land(flight, sent);

  Sent report;
  for (size_t place = 0; place < batch.size(); ++place) {
    const auto error = flight.slots[place].error;
    const bool taken = error == RD_KAFKA_RESP_ERR_NO_ERROR || mutant("relay.report_not_read");
    if (taken) report.acknowledged.push_back(batch[place].seq);
    if (refuses_topic(error) || refuses_event(error)) {
      report.refused.push_back({batch[place].seq, refuses_topic(error), rd_kafka_err2str(error)});
    }
  }
  guard.keep = report.acknowledged.size() == batch.size();
  return report;
}

}  // namespace holdfast::events
