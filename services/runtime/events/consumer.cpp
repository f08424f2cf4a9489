#include "runtime/events/consumer.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cassert>

#include "runtime/events/inbox.sql.h"
#include "runtime/events/received.h"
#include "runtime/log/log.h"

namespace holdfast::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{5000};
constexpr milliseconds poll{100};

kafka::Configuration configuration_of(const Consumer::Options& options) {
  return {options.brokers,
          {{"group.id", options.group},
           {"partition.assignment.strategy", "range"},  // cooperative-sticky crashes in 2.0.2 (4381, 4528, 4636)
           {"enable.auto.offset.store", "false"},       // stored after the handler's commit, not before it
           {"auto.commit.interval.ms", "1000"},
           {"auto.offset.reset", "earliest"},
           {"allow.auto.create.topics", "false"},
           {"fetch.wait.max.ms", "100"},
           {"statistics.interval.ms", "0"}}};
}

// The call under which a reaction works: the event's agency, request and trace.
Call call_of(const Event& event, const std::string& group, milliseconds timeout) {
  auto call = service_call(event.agency, group, timeout);
  if (!event.request_id.empty()) call.request_id = event.request_id;
  call.traceparent = event.traceparent;
  return call;
}

Event dead_letter_copy(const Event& event) {
  Event copy = event;
  copy.id = new_uuid();
  copy.topic += ".dlq";
  return copy;
}

}  // namespace

Consumer::Consumer(Transactor& transactor, Options options) : transactor_(transactor), options_(std::move(options)) {}

Consumer::~Consumer() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Consumer::on(std::string name, std::string type, Handler handler, Learn learn) {
  assert(!thread_.joinable());
  handlers_.push_back({std::move(name), std::move(type), std::move(handler), std::move(learn)});
}

void Consumer::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void Consumer::run(std::stop_token stop) {
  const log::Scope scope(options_.group);
  while (!handle_ && !stop.stop_requested()) {
    auto made = kafka::make_handle(kafka::make_configuration(configuration_of(options_)), true);
    if (!made) {
      log::error("no Kafka consumer", {{"error", made.error().message}});
      return;
    }
    handle_ = *std::move(made);
  }
  rd_kafka_poll_set_consumer(handle_.get());
  auto* topics = rd_kafka_topic_partition_list_new(static_cast<int>(options_.topics.size()));
  for (const auto& topic : options_.topics) rd_kafka_topic_partition_list_add(topics, topic.c_str(), -1);
  rd_kafka_subscribe(handle_.get(), topics);
  rd_kafka_topic_partition_list_destroy(topics);

  auto measure_at = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    const kafka::Message message(rd_kafka_consumer_poll(handle_.get(), static_cast<int>(poll.count())));
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) take(*message, stop);
    if (std::chrono::steady_clock::now() >= measure_at) {
      measure_lag();
      measure_at = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    }
  }
  rd_kafka_consumer_close(handle_.get());
  handle_.reset();
}

void Consumer::take(const rd_kafka_message_s& message, const std::stop_token& stop) {
  const auto event = receive(message);
  if (!event) {
    // Nobody but Holdfast writes to these topics; such a message can be kept by nobody, since it has no identity.
    log::error("a message that is no event was skipped", {{"topic", rd_kafka_topic_name(message.rkt)},
                                                          {"partition", message.partition},
                                                          {"offset", message.offset},
                                                          {"error", describe(event.error())}});
    ++dead_;
  } else {
    for (const auto& registered : handlers_) {
      const bool wanted = registered.type.empty() || registered.type == event->type;
      if (wanted && !give(registered, *event, stop)) return;  // stopping: the offset stays where it is
    }
    ++handled_;
  }
  auto* stored = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(stored, rd_kafka_topic_name(message.rkt), message.partition)->offset =
      message.offset + 1;
  // Fails only when the partition was taken from us meanwhile: its next owner finds the inbox row.
  rd_kafka_offsets_store(handle_.get(), stored);
  rd_kafka_topic_partition_list_destroy(stored);
}

bool Consumer::give(const Registered& registered, const Event& event, const std::stop_token& stop) {
  milliseconds pause = first_pause;
  int tries = 0;
  while (!stop.stop_requested()) {
    auto given = attempt(registered, event);
    if (given) return true;
    const bool absence = given.error().code() == Code::unavailable || given.error().code() == Code::deadline;
    tries += absence ? 0 : 1;
    if (given.error().retry() == Retry::never || tries >= options_.max_tries)
      given = bury(registered, event, given.error());
    if (given) return true;
    log::warn("an event will be handled again",
              {{"handler", registered.name}, {"event_id", to_string(event.id)}, {"error", describe(given.error())}});
    wait_paused(pause, stop);
    pause = std::min(pause * 2, longest_pause);
  }
  return false;
}

Result<> Consumer::attempt(const Registered& registered, const Event& event) {
  const auto call = call_of(event, options_.group, options_.handler_timeout);
  const log::Scope scope(call);
  try {
    auto outcome = attempt_once(registered, event, call);
    if (outcome || !registered.learn) return outcome;
    const bool learned = TRY(registered.learn(call, event, outcome.error()));
    return learned ? attempt_once(registered, event, call) : outcome;
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("the handler threw: ") + thrown.what());
  }
}

Result<> Consumer::attempt_once(const Registered& registered, const Event& event, const Call& call) {
  return transactor_.run(call, [&](UnitOfWork& unit) -> Result<> {
    const bool first = TRY(unit.transaction.exec(statements::receive, registered.name, event.id)) == 1;
    return first ? registered.handler(unit, event) : Result<>();
  });
}

Result<> Consumer::bury(const Registered& registered, const Event& event, const Error& error) {
  log::error("an event is poison and was set aside", {{"handler", registered.name},
                                                      {"event_id", to_string(event.id)},
                                                      {"type", event.type},
                                                      {"error", describe(error)}});
  const auto call = call_of(event, options_.group, options_.handler_timeout);
  auto buried = transactor_.run(call, [&](UnitOfWork& unit) -> Result<> {
    TRY(unit.transaction.exec(statements::receive, registered.name, event.id));
    TRY(unit.transaction.exec(statements::bury, registered.name, event.id, event.agency, event.topic, event.key,
                              event.type, event.sequence, event.occurred_at, sql::Bytes{event.payload},
                              info(error.reason).upper, error.message));
    unit.published.push_back(dead_letter_copy(event));
    return {};
  });
  if (buried) ++dead_;
  return buried;
}

void Consumer::wait_paused(milliseconds pause, const std::stop_token& stop) {
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(handle_.get(), &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  rd_kafka_pause_partitions(handle_.get(), assigned);
  const auto until = std::chrono::steady_clock::now() + pause;
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
    // Keeps the group alive. A message can only come from a partition assigned meanwhile: hand it back by seeking.
    const kafka::Message message(
        rd_kafka_consumer_poll(handle_.get(), static_cast<int>(std::min(pause, poll).count())));
    if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    auto* place = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(place, rd_kafka_topic_name(message->rkt), message->partition)->offset =
        message->offset;
    rd_kafka_pause_partitions(handle_.get(), place);
    if (auto* error = rd_kafka_seek_partitions(handle_.get(), place, 1000)) rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(place);
  }
  rd_kafka_topic_partition_list_destroy(assigned);
  // Those that are ours now, which a rebalance may have changed meanwhile.
  if (rd_kafka_assignment(handle_.get(), &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  rd_kafka_resume_partitions(handle_.get(), assigned);
  rd_kafka_topic_partition_list_destroy(assigned);
}

void Consumer::measure_lag() {
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(handle_.get(), &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  rd_kafka_position(handle_.get(), assigned);
  std::int64_t lag = assigned->cnt == 0 ? -1 : 0;
  for (int index = 0; index < assigned->cnt; ++index) {
    const auto& partition = assigned->elems[index];
    std::int64_t low = 0, high = 0;
    // The high-water mark of the last fetch: no request.
    rd_kafka_get_watermark_offsets(handle_.get(), partition.topic, partition.partition, &low, &high);
    if (high > 0) lag += std::max<std::int64_t>(0, high - std::max(partition.offset, low));
  }
  lag_ = lag;
  rd_kafka_topic_partition_list_destroy(assigned);
}

Result<> Consumer::handle(const std::string& handler_name, const Event& event) {
  const auto registered = std::ranges::find(handlers_, handler_name, &Registered::name);
  if (registered == handlers_.end())
    return fail(Reason::field_invalid, "handler", "there is no handler " + handler_name);
  return attempt(*registered, event);
}

}  // namespace holdfast::events
