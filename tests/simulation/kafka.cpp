// librdkafka as the relay's producer uses it. Configurations, lists and headers are librdkafka's own.

#include "kafka.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "kafka_handles.h"

using namespace holdfast::simulation;

namespace holdfast::simulation {
namespace {

Kafka* the_cluster = nullptr;

// What librdkafka does not tell of a configuration.
struct Callbacks {
  rd_kafka_s::DeliveryReport report = nullptr;
  Member::Rebalance rebalance = nullptr;
  void* opaque = nullptr;
};
std::map<const rd_kafka_conf_t*, Callbacks>& callbacks() {
  static std::map<const rd_kafka_conf_t*, Callbacks> all;
  return all;
}

// Taken before the last was acknowledged: librdkafka has five requests a connection under way.
constexpr std::int64_t most_in_a_request = 50;

std::string header_of(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  size_t size = 0;
  if (rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return {static_cast<const char*>(value), size};
}

// As librdkafka does with a key; without one it would choose.
size_t partition_of(const std::string& key) {
  return static_cast<size_t>(rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(),
                                                              static_cast<int>(Kafka::partitions), nullptr, nullptr));
}

std::vector<rd_kafka_t*>& handles() {
  static std::vector<rd_kafka_t*> all;
  return all;
}

void append(size_t partition, Record appended, int producer) {
  auto& topics = the_cluster->topics;
  auto& record = topics[appended.topic][partition].emplace_back(std::move(appended));
  record.appended_at = the_cluster->world.now;
  the_cluster->world.wake(&topics);
  the_cluster->world.trace("kafka appends ", record.key, "#", record.sequence, " of producer ", producer);
}

Nanoseconds delay() {
  auto& random = the_cluster->world.random;
  if (random.once_in(100)) return random.between(20, 3000) * millisecond;
  return random.between(300, 6000) * microsecond;
}

// Called without a fiber, as by a thread of librdkafka's: whoever is told there may wake others, and waits for nobody.
void say(rd_kafka_t* producer, void* opaque, rd_kafka_resp_err_t error) {
  producer->ready.emplace_back(opaque, error);
  if (producer->ready.size() == 1 && producer->answered) producer->answered(producer, producer->opaque);
}

// An acknowledgement that is lost comes with the answer to the repetition, of which the broker knows the sequence.
void acknowledge(rd_kafka_t* producer, size_t partition, size_t count) {
  if (producer->ended) return;
  for (; count > 0 && !producer->appended[partition].empty(); --count) {
    say(producer, producer->appended[partition].front(), RD_KAFKA_RESP_ERR_NO_ERROR);
    producer->appended[partition].pop_front();
  }
  the_cluster->world.wake(producer);
}

void pump(rd_kafka_t* producer, size_t partition) {
  auto& world = the_cluster->world;
  auto& lane = producer->lanes[partition];
  producer->pumping[partition] = false;
  if (producer->ended || lane.empty()) return;
  if (world.now >= the_cluster->up_at) {
    producer->has_reached = true;
    const auto count = std::min<std::int64_t>(world.random.between(1, most_in_a_request), std::ssize(lane));
    for (std::int64_t index = 0; index < count; ++index) {
      producer->appended[partition].push_back(lane.front().opaque);
      append(partition, std::move(lane.front().record), producer->number);
      lane.pop_front();
    }
    world.at(world.now + delay(), [=] { acknowledge(producer, partition, static_cast<size_t>(count)); });
  }
  if (lane.empty()) return;
  producer->pumping[partition] = true;
  world.at(std::max(world.now, the_cluster->up_at) + delay(), [=] { pump(producer, partition); });
}

// What the connection had taken, if there was one, may still reach the broker, as one request. The reports of all.
std::vector<Report> abandon(rd_kafka_t* producer) {
  auto& world = the_cluster->world;
  std::vector<Report> reports;
  producer->ended = true;
  for (size_t partition = 0; partition < Kafka::partitions; ++partition) {
    for (auto* opaque : producer->appended[partition]) reports.emplace_back(opaque, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT);
    auto& lane = producer->lanes[partition];
    const bool is_taken = !lane.empty() && producer->has_reached && world.random.once_in(2);
    const auto taken =
        is_taken ? std::min<std::int64_t>(world.random.between(1, most_in_a_request), std::ssize(lane)) : 0;
    for (std::int64_t index = 0; index < std::ssize(lane); ++index) {
      reports.emplace_back(lane[static_cast<size_t>(index)].opaque,
                           index < taken ? RD_KAFKA_RESP_ERR__PURGE_INFLIGHT : RD_KAFKA_RESP_ERR__PURGE_QUEUE);
    }
    lane.resize(static_cast<size_t>(taken));
    if (lane.empty()) continue;
    const auto arrives = std::max(world.now, the_cluster->up_at) + world.random.between(0, 2000) * millisecond;
    world.at(arrives, [partition, lane = std::exchange(lane, {}), number = producer->number] {
      for (const auto& produced : lane) append(partition, produced.record, number);
    });
  }
  return reports;
}

}  // namespace

Kafka::Kafka(World& world) : world(world) { the_cluster = this; }

Kafka& Kafka::current() { return *the_cluster; }

void Kafka::cut(Process process) {
  for (auto* handle : handles()) {
    if (handle->process != process) continue;
    if (handle->member) handle->member->dead = true;
    if (!handle->ended) static_cast<void>(abandon(handle));
  }
}

}  // namespace holdfast::simulation

extern "C" {

void rd_kafka_conf_set_dr_msg_cb(rd_kafka_conf_t* configuration, rd_kafka_s::DeliveryReport report) {
  callbacks()[configuration].report = report;
}

void rd_kafka_conf_set_rebalance_cb(rd_kafka_conf_t* configuration, Member::Rebalance rebalance) {
  callbacks()[configuration].rebalance = rebalance;
}

void rd_kafka_conf_set_opaque(rd_kafka_conf_t* configuration, void* opaque) {
  callbacks()[configuration].opaque = opaque;
}

rd_kafka_t* rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t* configuration, char*, size_t) {
  auto* handle = new rd_kafka_s;
  handle->number = static_cast<int>(handles().size());
  handle->process = the_cluster->world.process();
  const auto told = callbacks()[configuration];
  callbacks().erase(configuration);
  handle->report = told.report;
  if (type == RD_KAFKA_CONSUMER) {
    handle->member = make_member(handle, configuration);
    handle->member->rebalance = told.rebalance;
    handle->member->opaque = told.opaque;
  }
  rd_kafka_conf_destroy(configuration);
  handles().push_back(handle);
  return handle;
}

void rd_kafka_destroy(rd_kafka_t* producer) {
  if (!producer->ended) static_cast<void>(abandon(producer));
}

rd_kafka_resp_err_t rd_kafka_producev(rd_kafka_t* producer, ...) {
  Produced produced{};
  rd_kafka_headers_t* headers = nullptr;
  va_list arguments;
  va_start(arguments, producer);
  for (int type = va_arg(arguments, int); type != RD_KAFKA_VTYPE_END; type = va_arg(arguments, int)) {
    switch (type) {
      case RD_KAFKA_VTYPE_TOPIC:
        produced.record.topic = va_arg(arguments, const char*);
        break;
      case RD_KAFKA_VTYPE_KEY: {
        const auto* key = va_arg(arguments, const char*);
        produced.record.key.assign(key, va_arg(arguments, size_t));
        break;
      }
      case RD_KAFKA_VTYPE_VALUE: {
        const auto* value = va_arg(arguments, const char*);
        const auto size = va_arg(arguments, size_t);
        if (value) produced.record.payload.emplace(value, size);
        break;
      }
      case RD_KAFKA_VTYPE_MSGFLAGS:
        static_cast<void>(va_arg(arguments, int));
        break;
      case RD_KAFKA_VTYPE_HEADERS:
        headers = va_arg(arguments, rd_kafka_headers_t*);
        break;
      case RD_KAFKA_VTYPE_OPAQUE:
        produced.opaque = va_arg(arguments, void*);
        break;
      default:
        std::fprintf(stderr, "simulation: rd_kafka_producev is given what is not modelled: %d\n", type);
        std::abort();
    }
  }
  va_end(arguments);
  produced.record.id = header_of(headers, "ce_id");
  produced.record.sequence = std::stoll(header_of(headers, "ce_sequence"));
  produced.record.headers = headers;
  const auto partition = partition_of(produced.record.key);
  producer->lanes[partition].push_back(std::move(produced));
  if (!std::exchange(producer->pumping[partition], true)) {
    the_cluster->world.at(the_cluster->world.now + delay(), [=] { pump(producer, partition); });
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// A producer has one queue, which is itself.
rd_kafka_queue_t* rd_kafka_queue_get_main(rd_kafka_t* producer) {
  return reinterpret_cast<rd_kafka_queue_t*>(producer);
}

void rd_kafka_queue_destroy(rd_kafka_queue_t*) {}

void rd_kafka_queue_cb_event_enable(rd_kafka_queue_t* queue, void (*answered)(rd_kafka_t*, void*), void* opaque) {
  auto* producer = reinterpret_cast<rd_kafka_t*>(queue);
  producer->answered = answered;
  producer->opaque = opaque;
}

int rd_kafka_poll(rd_kafka_t* producer, int timeout_ms) {
  auto& world = the_cluster->world;
  if (producer->ready.empty() && timeout_ms > 0) world.block(producer, world.now + timeout_ms * millisecond);
  int served = 0;
  for (; !producer->ready.empty(); ++served) {
    rd_kafka_message_t message{};
    std::tie(message._private, message.err) = producer->ready.front();
    producer->ready.pop_front();
    producer->report(producer, &message, nullptr);
  }
  return served;
}

rd_kafka_resp_err_t rd_kafka_purge(rd_kafka_t* producer, int) {
  for (const auto& [opaque, error] : abandon(producer)) say(producer, opaque, error);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // extern "C"
