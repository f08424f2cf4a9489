#include "runtime/events/producer.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "runtime/core/mutant.h"
#include "runtime/core/time.h"
#include "runtime/events/rows.h"
#include "runtime/log/log.h"

namespace holdfast::events {

namespace {

using std::chrono::milliseconds;

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

// Delivery reports carry a pointer to their slot, and come only while `poll` or `purge` run.
struct Producer::Batch {
  struct Slot {
    Batch* batch;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__IN_PROGRESS;
  };
  std::vector<Queued> events;
  std::vector<Slot> slots;
  size_t bytes = 0;
  size_t sent = 0, answered = 0, acknowledged = 0;
  Clock::time_point first_since;  // since when it is the oldest
  Clock::time_point heard_at;     // the last answer to one of its events, or as above

  bool is_acknowledged() const { return acknowledged == events.size(); }
};

Producer::Producer(kafka::Brokers brokers, milliseconds topic_patience, std::function<void()> answered)
    : brokers_(std::move(brokers)), topic_patience_(topic_patience), answered_(std::move(answered)) {}
Producer::~Producer() = default;

// From then on librdkafka calls nobody.
void Producer::QueueDeleter::operator()(rd_kafka_queue_s* queue) const {
  rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
  rd_kafka_queue_destroy(queue);
}

bool Producer::start() {
  if (handle_) return true;
  static log::Repeated troubles(std::chrono::seconds(10));
  auto* configuration = kafka::make_configuration(configuration_of(brokers_, topic_patience_));
  rd_kafka_conf_set_dr_msg_cb(configuration, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    auto* slot = static_cast<Batch::Slot*>(message->_private);
    slot->error = message->err;
    ++slot->batch->answered;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR || mutant("relay.report_not_read")) ++slot->batch->acknowledged;
  });
  auto made = kafka::make_handle(configuration, false);
  if (!made) {
    troubles.warn("no Kafka producer", {{"error", made.error().message}});
    return false;
  }
  handle_ = *std::move(made);
  answers_.reset(rd_kafka_queue_get_main(handle_.get()));
  rd_kafka_queue_cb_event_enable(
      answers_.get(), [](rd_kafka_t*, void* answered) { (*static_cast<const std::function<void()>*>(answered))(); },
      const_cast<std::function<void()>*>(&answered_));
  return true;
}

int Producer::produce(const Queued& event, void* slot) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(12);
  const auto add = [&](std::string_view name, std::string_view value) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  };
  const std::string_view of_call = event.headers;
  const auto separator = of_call.find('\n');
  add("ce_specversion", "1.0");
  add("ce_id", to_string(event.id));
  add("ce_source", source_of(event.topic));
  add("ce_type", event.type);
  add("ce_time", format_instant(event.occurred_at));
  add("ce_sequence", std::to_string(event.sequence));
  add("ce_partitionkey", event.key);
  add("ce_agency", to_string(event.agency));
  add("content-type", "application/protobuf");
  if (separator > 0 && separator != std::string::npos) add("ce_traceparent", of_call.substr(0, separator));
  if (separator != std::string::npos) add("ce_requestid", of_call.substr(separator + 1));
  const auto error = rd_kafka_producev(
      handle_.get(), RD_KAFKA_V_TOPIC(event.topic.c_str()), RD_KAFKA_V_KEY(event.key.data(), event.key.size()),
      RD_KAFKA_V_VALUE(const_cast<char*>(event.payload.data.data()), event.payload.data.size()),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(slot), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

void Producer::send(std::vector<Queued> events) {
  const auto now = Clock::now();
  auto& batch = on_the_way_.emplace_back();
  batch.first_since = batch.heard_at = now;
  batch.events = std::move(events);
  batch.slots.assign(batch.events.size(), {&batch});
  for (const auto& event : batch.events) batch.bytes += event.payload.data.size();
  events_ += batch.events.size();
  bytes_ += batch.bytes;
  broken_ = broken_ || !start();
  for (; !broken_ && batch.sent < batch.events.size(); ++batch.sent) {
    auto& slot = batch.slots[batch.sent];
    const auto error = static_cast<rd_kafka_resp_err_t>(produce(batch.events[batch.sent], &slot));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    slot.error = error;
    broken_ = true;  // what follows it in its stream must not go out
    break;
  }
}

void Producer::poll() {
  if (!handle_ || is_idle()) return;
  const auto& oldest = on_the_way_.front();
  const auto before = unanswered(), of_oldest = oldest.answered;
  rd_kafka_poll(handle_.get(), 0);
  if (unanswered() == before) return;
  heard_at_ = Clock::now();
  if (oldest.answered > of_oldest) on_the_way_.front().heard_at = heard_at_;
  for (const auto& batch : on_the_way_) broken_ = broken_ || batch.answered > batch.acknowledged;
}

size_t Producer::unanswered() const {
  size_t count = 0;
  for (const auto& batch : on_the_way_) count += batch.sent - batch.answered;
  return count;
}

bool Producer::has_landed() const { return std::ranges::any_of(on_the_way_, &Batch::is_acknowledged); }

std::vector<std::vector<Queued>> Producer::landed() {
  std::vector<std::vector<Queued>> taken;
  for (auto at = on_the_way_.begin(); at != on_the_way_.end();) {
    if (!at->is_acknowledged()) {
      ++at;
      continue;
    }
    events_ -= at->events.size();
    bytes_ -= at->bytes;
    taken.push_back(std::move(at->events));
    const bool is_oldest = at == on_the_way_.begin();
    at = on_the_way_.erase(at);
    if (is_oldest && at != on_the_way_.end()) at->first_since = at->heard_at = Clock::now();
  }
  return taken;
}

std::vector<std::int64_t> Producer::places() const {
  std::vector<std::int64_t> all;
  all.reserve(events_);
  for (const auto& batch : on_the_way_) {
    for (const auto& event : batch.events) all.push_back(event.seq);
  }
  return all;
}

bool Producer::is_late(milliseconds patience, milliseconds stall) const {
  if (is_idle()) return false;
  const auto& oldest = on_the_way_.front();
  const auto now = Clock::now();
  const bool is_silent = heard_at_ >= oldest.first_since && now >= oldest.heard_at + stall;
  return is_silent || now >= oldest.first_since + patience;
}

// Every message gets its answer, or the producer ends before the slots do.
void Producer::purge() {
  if (!handle_ || unanswered() == 0) return;
  rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  const auto until = Clock::now() + purge_patience;
  while (unanswered() > 0 && Clock::now() < until) rd_kafka_poll(handle_.get(), 100);
}

Producer::Ended Producer::end() {
  // Whatever ends this function, be it bad_alloc, nothing stays on its way.
  struct Guard {
    Producer& producer;
    bool keeps_handle = false;
    ~Guard() {
      if (!keeps_handle) {
        producer.answers_.reset();
        producer.handle_.reset();
      }
      producer.on_the_way_.clear();
      producer.events_ = producer.bytes_ = 0;
      producer.broken_ = false;
    }
  };
  Guard guard{*this};
  purge();
  Ended ended;
  for (auto& batch : on_the_way_) {
    for (size_t place = 0; place < batch.events.size(); ++place) {
      const auto seq = batch.events[place].seq;
      const auto error = batch.slots[place].error;
      const bool taken = error == RD_KAFKA_RESP_ERR_NO_ERROR || mutant("relay.report_not_read");
      if (taken) ended.report.acknowledged.push_back(seq);
      if (refuses_topic(error) || refuses_event(error)) {
        ended.report.refused.push_back({seq, refuses_topic(error), rd_kafka_err2str(error)});
      }
    }
    std::ranges::move(batch.events, std::back_inserter(ended.events));
  }
  guard.keeps_handle = ended.report.acknowledged.size() == ended.events.size();
  return ended;
}

}  // namespace holdfast::events
