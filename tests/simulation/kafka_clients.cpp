#include "kafka_clients.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "kafka.h"
#include "runtime/events/kafka.h"

namespace holdfast::simulation {
namespace {

// Rounds of waiting, so that what never comes ends in a difference and not in a test that hangs.
constexpr int most_rounds = 600, round_ms = 100;

void check(rd_kafka_resp_err_t error) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) break_off(rd_kafka_err2name(error));
}

rd_kafka_t* make(const std::string& brokers, events::kafka::Entries entries,
                 const std::function<void(rd_kafka_conf_t*)>& callbacks, bool is_consumer) {
  auto* configuration = events::kafka::make_configuration({brokers, std::move(entries)});
  callbacks(configuration);
  auto made = events::kafka::make_handle(configuration, is_consumer);
  if (!made) break_off(describe(made.error()));
  return made->release();
}

std::string quoted_or_null(const void* bytes, size_t size) {
  return bytes ? quoted(std::string_view(static_cast<const char*>(bytes), size)) : "null";
}

std::string quoted_or_null(const Bytes& bytes) { return bytes ? quoted(*bytes) : "null"; }

std::string words_of(rd_kafka_headers_t& headers) {
  std::string words;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t index = 0; rd_kafka_header_get_all(&headers, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++index) {
    words += std::string(" ") + name + "=" + quoted_or_null(value, size);
  }
  return words;
}

std::string words_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  const auto error = rd_kafka_message_headers(&message, &headers);
  return quoted_or_null(message.key, message.key_len) + " " + quoted_or_null(message.payload, message.len) +
         (error ? std::string(" ") + rd_kafka_err2name(error) : words_of(*headers));
}

}  // namespace

// Also from within librdkafka, through which nothing can be thrown.
void break_off(const std::string& why) {
  std::printf("broken off: %s\n", why.c_str());
  std::fflush(stdout);
  ::_exit(1);
}

std::string quoted(std::string_view bytes) {
  std::string words = "'";
  for (const char byte : bytes) {
    if (byte >= ' ' && byte < '\x7f' && byte != '\'' && byte != '%') {
      words += byte;
      continue;
    }
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    words += escaped;
  }
  return words + "'";
}

std::string in_words(const Message& message) {
  auto words = quoted(message.key) + " " + quoted_or_null(message.value);
  for (const auto& [name, value] : message.headers) words += " " + name + "=" + quoted_or_null(value);
  return words;
}

Sender::Sender(const std::string& brokers) {
  handle_ = make(
      brokers,
      // As runtime/events/producer.cpp.
      {{"enable.idempotence", "true"},
       {"enable.gapless.guarantee", "true"},
       {"acks", "all"},
       {"message.timeout.ms", "0"},
       {"linger.ms", "0"},
       {"partitioner", "murmur2_random"},
       {"message.max.bytes", "1000000"},
       {"queue.buffering.max.messages", "100000"}},
      [](rd_kafka_conf_t* configuration) {
        rd_kafka_conf_set_dr_msg_cb(configuration, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
          const auto& slot = *static_cast<const Slot*>(message->_private);
          slot.sender->reports_.push_back({slot.number, message->err});
        });
      },
      false);
  queue_ = rd_kafka_queue_get_main(handle_);
  rd_kafka_queue_cb_event_enable(
      queue_, [](rd_kafka_t*, void* calls) { ++*static_cast<std::atomic<int>*>(calls); }, &calls_);
}

Sender::~Sender() {
  rd_kafka_queue_cb_event_enable(queue_, nullptr, nullptr);
  rd_kafka_queue_destroy(queue_);
  rd_kafka_destroy(handle_);
}

void Sender::send(const std::string& topic, const Message& message) {
  auto* headers = rd_kafka_headers_new(message.headers.size());
  for (const auto& [name, value] : message.headers) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value ? value->data() : nullptr,
                        value ? static_cast<ssize_t>(value->size()) : 0);
  }
  auto& slot = slots_.emplace_back(Slot{this, slots_.size()});
  auto value = message.value.value_or("");  // librdkafka copies it, but takes no pointer to constant bytes
  char* bytes = message.value ? value.data() : nullptr;
  check(rd_kafka_producev(handle_, RD_KAFKA_V_TOPIC(topic.c_str()),
                          RD_KAFKA_V_KEY(message.key.data(), message.key.size()), RD_KAFKA_V_VALUE(bytes, value.size()),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers),
                          RD_KAFKA_V_OPAQUE(&slot), RD_KAFKA_V_END));
}

void Sender::wait_for_reports(size_t count) {
  for (int round = 0; reports_.size() < std::min(count, slots_.size()) && round < most_rounds; ++round) {
    rd_kafka_poll(handle_, round_ms);
  }
}

std::vector<Sender::Report> Sender::reports() {
  wait_for_reports(slots_.size());
  return reports_;
}

void Sender::give_up() { check(rd_kafka_purge(handle_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)); }

Taker::Taker(const std::string& brokers, const std::string& group, const std::string& topic, bool stores_at_delivery)
    : topic_(topic) {
  handle_ = make(
      brokers,
      // As runtime/events/consumer.cpp, but that heartbeats are more frequent: a member hears by them that another
      // came.
      {{"group.id", group},
       {"partition.assignment.strategy", "range"},
       {"enable.auto.offset.store", stores_at_delivery ? "true" : "false"},
       {"auto.commit.interval.ms", "1000"},
       {"session.timeout.ms", "10000"},
       {"heartbeat.interval.ms", "300"},
       {"auto.offset.reset", "earliest"},
       {"allow.auto.create.topics", "false"},
       {"fetch.wait.max.ms", "100"},
       {"topic.metadata.refresh.interval.ms", "2000"},
       {"statistics.interval.ms", "0"}},
      [this](rd_kafka_conf_t* configuration) {
        rd_kafka_conf_set_opaque(configuration, this);
        rd_kafka_conf_set_rebalance_cb(configuration, [](rd_kafka_t*, rd_kafka_resp_err_t what,
                                                         rd_kafka_topic_partition_list_t* partitions, void* taker) {
          static_cast<Taker*>(taker)->rebalance(*partitions, what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS);
        });
      },
      true);
  rd_kafka_poll_set_consumer(handle_);
  check(rd_kafka_subscribe(handle_, list_of(-1, RD_KAFKA_OFFSET_INVALID).get()));
}

Taker::List Taker::list_of(int partition, std::int64_t offset) const {
  List list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition)->offset = offset;
  return list;
}

// Who is told to give back is told of all that he has, and who is given has nothing.
void Taker::rebalance(const rd_kafka_topic_partition_list_t& partitions, bool assigns) {
  ++(assigns ? assignments_ : revocations_);
  std::set<int> told;
  for (int index = 0; index < partitions.cnt; ++index) {
    if (partitions.elems[index].topic != topic_) break_off("a topic of another's");
    told.insert(partitions.elems[index].partition);
  }
  if (has_ != (assigns ? std::set<int>() : told)) break_off("called back for what it has not");
  for (const int partition : std::set<int>(paused_)) resume(partition);
  check(rd_kafka_assign(handle_, assigns ? &partitions : nullptr));
  has_ = assigns ? told : std::set<int>();
}

std::optional<Taker::Taken> Taker::take(int timeout_ms) {
  const events::kafka::Message message(rd_kafka_consumer_poll(handle_, timeout_ms));
  if (!message) return std::nullopt;
  check(message->err);
  check(rd_kafka_fatal_error(handle_, nullptr, 0));
  if (rd_kafka_topic_name(message->rkt) != topic_) break_off("a message of another topic");
  rd_kafka_timestamp_type_t type{};
  const auto at_ms = rd_kafka_message_timestamp(message.get(), &type);
  if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME || at_ms <= 0) break_off("a time that is not the broker's");
  return Taken{message->partition,
               message->offset,
               {static_cast<const char*>(message->key), message->key_len},
               {static_cast<const char*>(message->payload), message->len},
               words_of(*message)};
}

std::string Taker::store(int partition, std::int64_t next) {
  const auto list = list_of(partition, next);
  const auto error = rd_kafka_offsets_store(handle_, list.get());
  return std::string(rd_kafka_err2name(error)) + "/" + rd_kafka_err2name(list->elems[0].err);
}

std::string Taker::pause(int partition) {
  paused_.insert(partition);
  const auto list = list_of(partition, RD_KAFKA_OFFSET_INVALID);
  const auto error = rd_kafka_pause_partitions(handle_, list.get());
  return std::string(rd_kafka_err2name(error)) + "/" + rd_kafka_err2name(list->elems[0].err);
}

std::string Taker::resume(int partition) {
  paused_.erase(partition);
  const auto list = list_of(partition, RD_KAFKA_OFFSET_INVALID);
  const auto error = rd_kafka_resume_partitions(handle_, list.get());
  return std::string(rd_kafka_err2name(error)) + "/" + rd_kafka_err2name(list->elems[0].err);
}

std::string Taker::progress() const {
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  check(rd_kafka_assignment(handle_, &assigned));
  const List owned(assigned);
  check(rd_kafka_position(handle_, assigned));
  std::string words;
  for (int index = 0; index < assigned->cnt; ++index) {
    const auto& place = assigned->elems[index];
    std::int64_t low = 0, high = 0;
    check(rd_kafka_get_watermark_offsets(handle_, place.topic, place.partition, &low, &high));
    words += " [" + std::to_string(place.partition) + " at " + std::to_string(place.offset) + " of " +
             std::to_string(low) + " to " + std::to_string(high) + "]";
  }
  return words;
}

std::int64_t Taker::end_of(int partition) const {
  std::int64_t low = 0, high = 0;
  check(rd_kafka_get_watermark_offsets(handle_, topic_.c_str(), partition, &low, &high));
  return high;
}

Reader::Reader(const std::string& brokers, const std::string& group)
    : handle_(make(
          brokers, {{"group.id", group}, {"enable.auto.commit", "false"}}, [](rd_kafka_conf_t*) {}, true)) {}

std::vector<std::int64_t> Reader::committed(const std::string& topic) const {
  for (int round = 0; round < most_rounds; ++round) {
    auto* list = rd_kafka_topic_partition_list_new(static_cast<int>(Kafka::partitions));
    for (size_t partition = 0; partition < Kafka::partitions; ++partition) {
      rd_kafka_topic_partition_list_add(list, topic.c_str(), static_cast<int>(partition));
    }
    const auto error = rd_kafka_committed(handle_, list, most_rounds * round_ms);
    std::vector<std::int64_t> places;
    for (int index = 0; index < list->cnt; ++index) places.push_back(list->elems[index].offset);
    rd_kafka_topic_partition_list_destroy(list);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return places;
  }
  break_off("the group's places are not told");
}

}  // namespace holdfast::simulation
