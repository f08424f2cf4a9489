#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A producer and a consumer that call librdkafka as runtime/events does, and note what it answers.

namespace holdfast::simulation {

// What should never be ends the transcript, and the program.
[[noreturn]] void break_off(const std::string& why);

// Null or bytes.
using Bytes = std::optional<std::string>;

struct Message {
  std::string key;
  Bytes value;
  std::vector<std::pair<std::string, Bytes>> headers;
};

// Every byte of it, for a line of a transcript.
std::string quoted(std::string_view bytes);
std::string in_words(const Message& message);

class Sender {
 public:
  struct Report {
    size_t number;  // of the message, as it was sent
    rd_kafka_resp_err_t error;
  };

  explicit Sender(const std::string& brokers);
  Sender(const Sender&) = delete;
  // What it has on its way is nobody's any more.
  ~Sender();

  // Behind what was sent before.
  void send(const std::string& topic, const Message& message);
  // Until so many messages, or all, have their report.
  void wait_for_reports(size_t count);
  // In the order in which they came, when each message has its own; fewer: librdkafka owes them.
  std::vector<Report> reports();
  // What is on its way is given up: the reports say of what.
  void give_up();
  // Whether librdkafka called when it had something to tell.
  bool was_called() const { return calls_ > 0; }

 private:
  struct Slot {
    Sender* sender;
    size_t number;
  };

  std::deque<Slot> slots_;  // whose addresses the reports bring back
  std::vector<Report> reports_;
  std::atomic<int> calls_{0};
  rd_kafka_t* handle_ = nullptr;
  rd_kafka_queue_t* queue_ = nullptr;
};

class Taker {
 public:
  struct Taken {
    int partition;
    std::int64_t offset;
    std::string key, value;
    std::string words;  // all of it
  };

  Taker(const std::string& brokers, const std::string& group, const std::string& topic, bool stores_at_delivery);
  Taker(const Taker&) = delete;

  // Waits at most so long; nothing came, or somebody was called back.
  std::optional<Taken> take(int timeout_ms);

  const std::set<int>& has() const { return has_; }
  int assignments() const { return assignments_; }
  int revocations() const { return revocations_; }

  // Each in words, with the errors of the whole and of the partition.
  std::string store(int partition, std::int64_t next);
  std::string pause(int partition);
  std::string resume(int partition);
  // Of what it has: where it is, and what it knows of the log.
  std::string progress() const;
  // Where the log ends, as of the last fetch.
  std::int64_t end_of(int partition) const;

  rd_kafka_t* handle() const { return handle_; }

 private:
  struct FreeList {
    void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
  };
  using List = std::unique_ptr<rd_kafka_topic_partition_list_t, FreeList>;

  List list_of(int partition, std::int64_t offset) const;
  void rebalance(const rd_kafka_topic_partition_list_t& partitions, bool assigns);

  const std::string topic_;
  std::set<int> has_, paused_;
  int assignments_ = 0, revocations_ = 0;
  rd_kafka_t* handle_ = nullptr;  // left to itself: who leaves dies
};

// Asks for a group's places without being its member.
class Reader {
 public:
  Reader(const std::string& brokers, const std::string& group);

  // By partition; -1001 (RD_KAFKA_OFFSET_INVALID) where nothing was committed.
  std::vector<std::int64_t> committed(const std::string& topic) const;

 private:
  rd_kafka_t* handle_;
};

}  // namespace holdfast::simulation
