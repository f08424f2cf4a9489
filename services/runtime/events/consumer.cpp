#include "runtime/events/consumer.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cassert>

#include "runtime/core/clock.h"
#include "runtime/events/inbox.sql.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/events/received.h"
#include "runtime/events/rows.h"
#include "runtime/log/traced.h"

namespace holdfast::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{5000};
constexpr milliseconds poll{100};
constexpr milliseconds pause_before_restart{1000};
constexpr milliseconds close_patience{5000};

kafka::Configuration configuration_of(const Consumer::Options& options) {
  return {options.brokers,
          {{"group.id", options.group},
           {"partition.assignment.strategy", "range"},  // cooperative-sticky crashes in 2.0.2 (4381, 4528, 4636)
           {"enable.auto.offset.store", "false"},       // stored after the handler's commit, not before it
           {"auto.commit.interval.ms", "1000"},
           {"auto.offset.reset", "earliest"},
           {"allow.auto.create.topics", "false"},
           {"fetch.wait.max.ms", "100"},
           // A topic that was made a moment ago may not be known yet where we ask: not to be missed for five minutes.
           {"topic.metadata.refresh.interval.ms", "2000"},
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

Event event_of(const DeadLetter& letter, Uuid id) {
  const auto separator = std::min(letter.headers.find('\n'), letter.headers.size());
  return {.id = id,
          .agency = letter.agency,
          .topic = letter.topic,
          .key = letter.key,
          .type = letter.type,
          .sequence = letter.sequence,
          .occurred_at = letter.occurred_at,
          .payload = letter.payload.data,
          .request_id = letter.headers.substr(std::min(separator + 1, letter.headers.size())),
          .traceparent = letter.headers.substr(0, separator)};
}

// The first time that this handler sees this event.
Result<bool> receive_first(sql::Transaction& transaction, const std::string& handler, Uuid event_id) {
  return TRY(transaction.exec(statements::receive, handler, event_id)) == 1;
}

// A dead letter is in the inbox already, unless that has forgotten it.
Result<bool> exhume(sql::Transaction& transaction, const std::string& handler, Uuid event_id) {
  if (TRY(transaction.exec(statements::exhume, handler, event_id)) == 0) {
    return fail(Reason::dead_letter_not_found, handler + " has no dead letter " + to_string(event_id));
  }
  TRY(transaction.exec(statements::receive, handler, event_id));
  return true;
}

// What has failed so far for one event and handler.
struct Failures {
  int timeouts = 0;
  int unknown = 0;  // what only a newer program knows
  int others = 0;   // without what is away, which is waited for

  // Whether the event is poison with this failure.
  bool add(const Error& error, const Consumer::Options& options) {
    if (error.reason == Reason::newer_than_program) return ++unknown >= options.max_upgrade_tries;
    if (error.code() == Code::unavailable) return false;
    if (error.code() == Code::deadline) return ++timeouts >= options.max_timeouts;
    const bool passes = error.retry() != Retry::never || error.reason == Reason::internal;
    return !passes || ++others >= options.max_tries;
  }
};

std::optional<Error> too_old(const rd_kafka_message_s& message, milliseconds oldest) {
  rd_kafka_timestamp_type_t type{};
  const auto at_ms = rd_kafka_message_timestamp(&message, &type);
  if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) return std::nullopt;
  // The system's clock: the business clock may have been moved, and Kafka does not know it.
  const auto age = SystemClock().now().time_since_epoch() - milliseconds(at_ms);
  if (age <= oldest) return std::nullopt;
  const auto days = std::chrono::floor<std::chrono::days>(age).count();
  return fail(Reason::event_too_old, fmt::format("it has lain in Kafka for {} days", days));
}

}  // namespace

Consumer::Consumer(Transactor& transactor, Options options)
    : transactor_(transactor),
      options_(std::move(options)),
      progress_(options_.brokers, options_.group, options_.topics) {}

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
  while (!stop.stop_requested()) {
    const auto ended = consume_guarded(stop);
    close();
    if (ended) continue;  // stopped
    troubles_.error("the consumer ended and starts anew", {{"error", describe(ended.error())}});
    report(ended.error());
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, pause_before_restart, [] { return false; });
  }
}

// Whatever is thrown here, bad_alloc included, costs a new start: the offset was not stored, so nothing is lost.
Result<> Consumer::consume_guarded(const std::stop_token& stop) {
  try {
    return consume(stop);
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("the consumer threw: ") + thrown.what());
  }
}

Result<> Consumer::open() {
  handle_ = TRY(kafka::make_handle(kafka::make_configuration(configuration_of(options_)), true));
  rd_kafka_poll_set_consumer(handle_.get());
  auto* topics = rd_kafka_topic_partition_list_new(static_cast<int>(options_.topics.size()));
  for (const auto& topic : options_.topics) rd_kafka_topic_partition_list_add(topics, topic.c_str(), -1);
  const auto error = rd_kafka_subscribe(handle_.get(), topics);
  rd_kafka_topic_partition_list_destroy(topics);
  if (error) return fail(Reason::dependency_unavailable, std::string("Kafka: ") + rd_kafka_err2str(error));
  return {};
}

Result<> Consumer::consume(const std::stop_token& stop) {
  CHECK_OK(open());
  report(std::nullopt);
  auto measure_at = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    const kafka::Message message(rd_kafka_consumer_poll(handle_.get(), static_cast<int>(poll.count())));
    if (message && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      CHECK_OK(note(*message));
    } else if (message) {
      take(*message, stop);
    }
    if (std::chrono::steady_clock::now() >= measure_at) {
      measure_lag();
      measure_at = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    }
  }
  return {};
}

// librdkafka mends by itself what is not fatal (a broker that is away, a topic that is not there yet).
Result<> Consumer::note(const rd_kafka_message_s& trouble) {
  const std::string text = trouble.payload ? rd_kafka_message_errstr(&trouble) : rd_kafka_err2str(trouble.err);
  if (rd_kafka_fatal_error(handle_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(Reason::dependency_unavailable, "Kafka: " + text);
  }
  troubles_.warn("Kafka does not let us consume", {{"error", text}});
  return {};
}

// rd_kafka_consumer_close waits for the group without a bound (4187, 4528); this one gives up and leaves the handle
// behind, whose threads end with the process.
void Consumer::close() {
  if (!handle_) return;
  auto* queue = rd_kafka_queue_new(handle_.get());
  if (auto* error = rd_kafka_consumer_close_queue(handle_.get(), queue)) rd_kafka_error_destroy(error);
  const auto until = std::chrono::steady_clock::now() + close_patience;
  while (!rd_kafka_consumer_closed(handle_.get()) && std::chrono::steady_clock::now() < until) {
    if (auto* event = rd_kafka_queue_poll(queue, static_cast<int>(poll.count()))) rd_kafka_event_destroy(event);
  }
  rd_kafka_queue_destroy(queue);
  lag_ = -1;
  if (rd_kafka_consumer_closed(handle_.get())) return handle_.reset();
  log::error("the consumer did not leave its group in time and is abandoned");
  static_cast<void>(handle_.release());
}

void Consumer::report(const std::optional<Error>& trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = trouble;
}

Result<> Consumer::health() const {
  const std::lock_guard lock(mutex_);
  return trouble_ ? Result<>(*trouble_) : Result<>();
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
    const auto refused = too_old(message, options_.oldest);
    for (const auto& registered : handlers_) {
      const bool wanted = registered.type.empty() || registered.type == event->type;
      if (wanted && !give(registered, *event, refused, stop)) return;  // stopping: the offset stays where it is
    }
  }
  ++handled_;
  auto* stored = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(stored, rd_kafka_topic_name(message.rkt), message.partition)->offset =
      message.offset + 1;
  // Fails only when the partition was taken from us meanwhile: its next owner finds the inbox row.
  rd_kafka_offsets_store(handle_.get(), stored);
  rd_kafka_topic_partition_list_destroy(stored);
  // Behind the count: whoever sees the place sees that something was handled.
  progress_.handled(rd_kafka_topic_name(message.rkt), message.partition, message.offset + 1);
}

bool Consumer::give(const Registered& registered, const Event& event, const std::optional<Error>& refused,
                    const std::stop_token& stop) {
  milliseconds pause = first_pause;
  Failures failures;
  while (!stop.stop_requested()) {
    auto given = refused ? Result<>(*refused) : attempt(registered, event, &receive_first);
    if (given) return true;
    if (failures.add(given.error(), options_)) given = bury(registered, event, given.error());
    if (given) return true;
    log::warn("an event will be handled again",
              {{"handler", registered.name}, {"event_id", to_string(event.id)}, {"error", describe(given.error())}});
    wait_paused(pause, stop);
    pause = std::min(pause * 2, longest_pause);
  }
  return false;
}

Result<> Consumer::attempt(const Registered& registered, const Event& event, Claim claim) {
  const auto call = call_of(event, options_.group, options_.handler_timeout);
  const log::Scope scope(call);
  try {
    auto outcome = attempt_once(registered, event, claim, call);
    if (!outcome && registered.learn) {
      const auto learned = registered.learn(call, event, outcome.error());
      if (!learned && learned.error().code() == Code::deadline) {
        return fail(Reason::dependency_unavailable, "no answer in time: " + learned.error().message);
      }
      if (!learned) return learned.error();
      const auto again = call_of(event, options_.group, options_.handler_timeout);
      if (*learned) outcome = attempt_once(registered, event, claim, again);
    }
    const auto write = log::is_traced(call) ? &log::info : &log::debug;
    if (outcome) write("event handled", {{"handler", registered.name}, {"event_id", to_string(event.id)}});
    return outcome;
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("the handler threw: ") + thrown.what());
  }
}

Result<> Consumer::attempt_once(const Registered& registered, const Event& event, Claim claim, const Call& call) {
  return transactor_.run(call, [&](UnitOfWork& unit) -> Result<> {
    const bool ours = TRY(claim(unit.transaction, registered.name, event.id));
    return ours ? registered.handler(unit, event) : Result<>();
  });
}

Result<> Consumer::bury(const Registered& registered, const Event& event, const Error& error) {
  const auto call = call_of(event, options_.group, options_.handler_timeout);
  const bool buried = TRY(transactor_.run(call, [&](UnitOfWork& unit) -> Result<bool> {
    // After a rebalance another process may have handled or buried it, while we still tried.
    if (!TRY(receive_first(unit.transaction, registered.name, event.id))) return false;
    TRY(unit.transaction.exec(statements::bury, registered.name, event.id, event.agency, event.topic, event.key,
                              event.type, event.sequence, event.occurred_at, sql::Bytes{event.payload},
                              info(error.reason).upper, error.message,
                              headers_of(event.traceparent, event.request_id)));
    unit.published.push_back(dead_letter_copy(event));
    return true;
  }));
  if (!buried) return {};
  log::error("an event is poison and was set aside", {{"handler", registered.name},
                                                      {"event_id", to_string(event.id)},
                                                      {"type", event.type},
                                                      {"error", describe(error)}});
  ++dead_;
  return {};
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

Result<const Consumer::Registered*> Consumer::find(const std::string& handler_name) const {
  const auto registered = std::ranges::find(handlers_, handler_name, &Registered::name);
  if (registered == handlers_.end()) {
    return fail(Reason::field_invalid, "handler", "there is no handler " + handler_name);
  }
  return &*registered;
}

Result<> Consumer::handle(const std::string& handler_name, const Event& event) {
  return attempt(*TRY(find(handler_name)), event, &receive_first);
}

Result<> Consumer::redrive(const std::string& handler_name, Uuid event_id, std::optional<AgencyId> agency) {
  const auto call = service_call({}, options_.group, options_.handler_timeout);
  const auto letter = TRY(transactor_.database().read(call, [&](sql::Transaction& transaction) {
    return transaction.maybe<DeadLetter>(statements::dead_letter, handler_name, event_id, agency);
  }));
  if (!letter) {
    return fail(Reason::dead_letter_not_found, handler_name + " has no dead letter " + to_string(event_id));
  }
  if (handler_name == "relay") {
    TRY(transactor_.database().transact(
        call, [&](sql::Transaction& transaction) { return transaction.exec(statements::unpark, event_id); }));
    return {};
  }
  return attempt(*TRY(find(handler_name)), event_of(*letter, event_id), &exhume);
}

}  // namespace holdfast::events
