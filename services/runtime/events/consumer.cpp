#include "runtime/events/consumer.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cassert>
#include <span>

#include "runtime/core/clock.h"
#include "runtime/core/mutant.h"
#include "runtime/events/partitions.h"
#include "runtime/events/received.h"

namespace holdfast::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_pause{5000};
constexpr milliseconds poll{100};
constexpr milliseconds pause_before_restart{1000};
constexpr milliseconds close_patience{5000};
// Of all partitions together; by default librdkafka asks for 50 MiB.
constexpr size_t fetch_bytes = 2 * 1024 * 1024;

kafka::Configuration configuration_of(const Consumer::Options& options) {
  return {options.brokers,
          {{"group.id", options.group},
           {"partition.assignment.strategy", "range"},  // cooperative-sticky crashes in 2.0.2 (4381, 4528, 4636)
           // stored after the handler's commit, not before it
           {"enable.auto.offset.store", mutant("consumer.offset_too_early") ? "true" : "false"},
           {"auto.commit.interval.ms", "1000"},
           // A process that died holds up its partitions for so long, and while they change hands, its whole group.
           {"session.timeout.ms", "10000"},
           {"heartbeat.interval.ms", "2000"},
           {"auto.offset.reset", "earliest"},
           {"allow.auto.create.topics", "false"},
           {"fetch.wait.max.ms", "100"},
           // Else 64 MiB of payload would wait here of a backlog, which is three times that when events are small; and
           // as much for each service of a process.
           {"queued.min.messages", std::to_string(options.fetched_events)},
           {"queued.max.messages.kbytes", std::to_string(options.fetched_bytes / 1024)},
           {"fetch.max.bytes", std::to_string(fetch_bytes)},
           // A topic that was made a moment ago may not be known yet where we ask: not to be missed for five minutes.
           {"topic.metadata.refresh.interval.ms", "2000"},
           {"statistics.interval.ms", "0"}}};
}

std::int64_t fetched_by(rd_kafka_s& handle) {
  auto* queue = rd_kafka_queue_get_consumer(&handle);
  const auto messages = rd_kafka_queue_length(queue);
  rd_kafka_queue_destroy(queue);
  return static_cast<std::int64_t>(messages);
}

// Whether the event is poison with this failure.
bool is_poison(Lane::Trial& trial, const Error& error, const Consumer::Options& options) {
  if (error.reason == Reason::newer_than_program) return ++trial.unknown >= options.max_upgrade_tries;
  // The database is away, or somebody holds a row or a table: a migration, a person. No event is at fault for it.
  if (error.is_outage() || error.reason == Reason::write_conflict) return false;
  if (error.code() == Code::deadline) return ++trial.timeouts >= options.max_timeouts;
  const bool passes = error.retry() != Retry::never || error.reason == Reason::internal;
  return !passes || ++trial.others >= options.max_tries;
}

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
    : options_(std::move(options)),
      handlers_(transactor, options_.group, options_.handler_timeout),
      progress_(options_.brokers, options_.group, options_.topics) {}

Consumer::~Consumer() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Consumer::on(std::string name, std::string type, Handler handler, Learn learn) {
  assert(!thread_.joinable());
  // The inbox would keep the events of the first from the second, in silence.
  const bool is_new = std::ranges::count(handlers_.list(), name, &Registered::name) == 0;
  assert(is_new);
  handlers_.add({std::move(name), std::move(type), std::move(handler), std::move(learn)});
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
  auto* configuration = kafka::make_configuration(configuration_of(options_));
  rd_kafka_conf_set_opaque(configuration, this);
  rd_kafka_conf_set_rebalance_cb(configuration, [](auto* handle, auto error, auto* partitions, void* consumer) {
    static_cast<Consumer*>(consumer)->rebalance(*handle,
                                                error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? partitions : nullptr);
  });
  handle_ = TRY(kafka::make_handle(configuration, true));
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
    CHECK_OK(fetch());
    handle_together();
    handle_singly(stop);
    note_waiting();
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
    auto* event = rd_kafka_queue_poll(queue, static_cast<int>(poll.count()));
    if (!event) continue;
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE) rebalance(*handle_, nullptr);
    rd_kafka_event_destroy(event);
  }
  rd_kafka_queue_destroy(queue);
  lanes_.clear();
  note_waiting();
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

// With null, all partitions are taken from us. Called from within polls.
void Consumer::rebalance(rd_kafka_s& handle, const rd_kafka_topic_partition_list_s* assigned) {
  for (auto& [partition, lane] : lanes_) set_paused(partition, lane, false);
  lanes_.clear();
  not_taken_.reassigned();
  rd_kafka_assign(&handle, assigned);
}

Result<> Consumer::fetch() {
  fetched_ = fetched_by(*handle_);
  auto longest = patience();
  size_t bytes = 0;
  for (size_t count = 0; count < options_.batch_events && bytes < options_.batch_bytes; ++count) {
    const kafka::Message message(rd_kafka_consumer_poll(handle_.get(), static_cast<int>(longest.count())));
    longest = milliseconds::zero();
    if (!message) break;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      CHECK_OK(note(*message));
      continue;
    }
    bytes += message->len;
    lanes_[{rd_kafka_topic_name(message->rkt), message->partition}].taken.push_back(read(*message));
  }
  return {};
}

// How long there is nothing to do but to wait for Kafka.
milliseconds Consumer::patience() const {
  auto least = poll;
  const auto now = std::chrono::steady_clock::now();
  for (const auto& [partition, lane] : lanes_) {
    if (lane.singly > 0) least = std::min(least, std::chrono::ceil<milliseconds>(lane.trial.again_at - now));
  }
  return std::max(least, milliseconds::zero());
}

Lane::Taken Consumer::read(const rd_kafka_message_s& message) {
  auto event = receive(message);
  if (event) return {message.offset, *std::move(event), too_old(message, options_.oldest)};
  // Nobody but Holdfast writes to these topics; such a message can be kept by nobody, since it has no identity.
  log::error("a message that is no event was skipped", {{"topic", rd_kafka_topic_name(message.rkt)},
                                                        {"partition", message.partition},
                                                        {"offset", message.offset},
                                                        {"error", describe(event.error())}});
  ++dead_;
  return {message.offset, std::nullopt, std::nullopt};
}

// All that was taken from partitions without trouble. One event alone may as well be handled by itself.
void Consumer::handle_together() {
  std::vector<const Event*> events;
  std::vector<std::map<Partition, Lane>::iterator> sources;
  bool refused = false;
  for (auto at = lanes_.begin(); at != lanes_.end(); ++at) {
    if (at->second.singly > 0 || at->second.taken.empty()) continue;
    sources.push_back(at);
    for (const auto& taken : at->second.taken) {
      if (taken.event) events.push_back(&*taken.event);
      refused |= taken.refused.has_value();
    }
  }
  const bool together = !refused && events.size() != 1;
  const auto given = together ? handlers_.give_all(events) : Result<>();
  if (!given) {
    log::debug("events are handled one by one", {{"events", events.size()}, {"error", describe(given.error())}});
  }
  for (const auto& source : sources) {
    auto& [partition, lane] = *source;
    if (together && given) {
      settle(partition, lane, lane.taken.size());
      continue;
    }
    lane.singly = lane.taken.size();
    if (lane.singly > 1) set_paused(partition, lane, true);
  }
}

// The next event of one partition, of those in turn that are in trouble and need not wait.
void Consumer::handle_singly(const std::stop_token& stop) {
  const auto ready = [now = std::chrono::steady_clock::now()](const auto& entry) {
    return entry.second.singly > 0 && entry.second.trial.again_at <= now;
  };
  auto found = std::find_if(lanes_.upper_bound(last_singly_), lanes_.end(), ready);
  if (found == lanes_.end()) found = std::ranges::find_if(lanes_, ready);
  if (found == lanes_.end()) return;
  auto& [partition, lane] = *found;
  last_singly_ = partition;
  for (const auto& handlers = handlers_.list(); lane.handler < handlers.size(); ++lane.handler) {
    if (stop.stop_requested()) return;  // the offset stays where it is
    if (!give(handlers[lane.handler], lane)) return set_paused(partition, lane, true);
    lane.trial = {};
  }
  lane.handler = 0;
  settle(partition, lane, 1);
  if (--lane.singly == 0) set_paused(partition, lane, false);
}

// The lane's first event to one handler; with a failure it is to be tried again.
Result<> Consumer::give(const Registered& registered, Lane& lane) {
  const auto& [offset, event, refused] = lane.taken.front();
  if (!event || !registered.wants(*event)) return {};
  auto given = refused ? Result<>(*refused) : handlers_.give(registered, *event);
  if (!given && is_poison(lane.trial, given.error(), options_)) {
    const auto buried =
        mutant("consumer.poison_passed_over") ? Result<bool>(true) : handlers_.bury(registered, *event, given.error());
    if (buried && *buried) ++dead_;
    given = buried ? Result<>() : Result<>(buried.error());
  }
  if (given) return {};
  log::warn("an event will be handled again",
            {{"handler", registered.name}, {"event_id", to_string(event->id)}, {"error", describe(given.error())}});
  const auto now = std::chrono::steady_clock::now();
  lane.trial.failing_since = lane.trial.failing_since.value_or(now);
  lane.trial.again_at = now + lane.trial.pause;
  lane.trial.pause = std::min(lane.trial.pause * 2, longest_pause);
  return given;
}

// The first `count` are done with.
void Consumer::settle(const Partition& partition, Lane& lane, size_t count) {
  const auto next = lane.taken[count - 1].offset + 1;
  lane.taken.erase(lane.taken.begin(), lane.taken.begin() + static_cast<std::ptrdiff_t>(count));
  handled_ += static_cast<std::int64_t>(count);
  // Fails only when the partition was taken from us meanwhile: its next owner finds the inbox rows.
  rd_kafka_offsets_store(handle_.get(), kafka::list_of(std::span(&partition, 1), next).get());
  // Behind the count: whoever sees the place sees that something was handled.
  progress_.handled(partition.first, partition.second, next);
}

void Consumer::set_paused(const Partition& partition, Lane& lane, bool paused) {
  if (lane.paused == paused) return;
  lane.paused = paused;
  const auto list = kafka::list_of(std::span(&partition, 1), RD_KAFKA_OFFSET_INVALID);
  // What was fetched beyond the last message taken is fetched again after a pause.
  if (paused) {
    rd_kafka_pause_partitions(handle_.get(), list.get());
  } else {
    rd_kafka_resume_partitions(handle_.get(), list.get());
  }
}

void Consumer::note_waiting() {
  auto oldest = nothing_waits;
  for (const auto& [partition, lane] : lanes_) oldest = std::min(oldest, lane.trial.failing_since.value_or(oldest));
  waiting_since_ = oldest;
}

double Consumer::waiting_seconds() const {
  const auto since = waiting_since_.load();
  if (since == nothing_waits) return 0;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

void Consumer::measure_lag() {
  auto lag = not_taken_.measure(*handle_);
  for (const auto& [partition, lane] : lanes_) lag += lag < 0 ? 0 : static_cast<std::int64_t>(lane.taken.size());
  lag_ = lag;
}

Result<> Consumer::handle(const std::string& handler_name, const Event& event) {
  return handlers_.give(*TRY(handlers_.find(handler_name)), event);
}

Result<> Consumer::redrive(const std::string& handler_name, Uuid event_id, std::optional<AgencyId> agency) {
  return handlers_.redrive(handler_name, event_id, agency);
}

Result<Redriven> Consumer::redrive_all(const std::string& handler_name, const std::string& topic,
                                       std::optional<AgencyId> agency, Deadline until) {
  return handlers_.redrive_all(handler_name, topic, agency, until);
}

}  // namespace holdfast::events
