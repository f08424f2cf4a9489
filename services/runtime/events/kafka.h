#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/events/retention.h"

struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_message_s;

namespace holdfast::events {

// Owners for librdkafka's C objects, and what both ends of Kafka have in common.
namespace kafka {

using Entries = std::vector<std::pair<std::string, std::string>>;  // librdkafka's names and values

// Where Kafka is, and how we come in: without more, in plain text and as nobody.
struct Brokers {
  Brokers() = default;
  Brokers(std::string list, Entries let_in = {}) : addresses(std::move(list)), access(std::move(let_in)) {}
  Brokers(const char* list) : addresses(list) {}

  std::string addresses;  // host:port,…
  Entries access;         // TLS and SASL, passwords among them: not for log lines
};

struct Configuration {
  Brokers brokers;
  Entries entries;
};

// Ends a handle on a thread of its own, which is waited for so long and no longer: librdkafka 2.0.2 may hang there, and
// whoever has a lease, a group's partitions or an end of his own to come to must not hang with it. What is left behind
// calls nobody any more.
struct HandleDeleter {
  static constexpr std::chrono::seconds patience{2};
  void operator()(rd_kafka_s* handle) const;
};
using Handle = std::unique_ptr<rd_kafka_s, HandleDeleter>;

struct MessageDeleter {
  void operator()(rd_kafka_message_s* message) const;
};
using Message = std::unique_ptr<rd_kafka_message_s, MessageDeleter>;

// Applies the entries and what we want of librdkafka everywhere; a refused entry is our bug and throws.
rd_kafka_conf_s* make_configuration(const Configuration& configuration);
// `is_consumer` or producer. Takes the configuration. UNAVAILABLE when librdkafka cannot start.
Result<Handle> make_handle(rd_kafka_conf_s* configuration, bool is_consumer);
// SETTING_INVALID when librdkafka cannot use the files and words of `access`. No broker is waited for.
Result<> check_access(const Brokers& brokers);

}  // namespace kafka

struct Topic {
  std::string name;
  int partitions = 6;
  int replicas = 1;
  std::chrono::milliseconds retention = topic_retention;
};

// Creates those that are missing; the others stay as they are. Blocks until the broker has answered, at most
// `patience`.
Result<> create_topics(const kafka::Brokers& brokers, const std::vector<Topic>& topics,
                       std::chrono::milliseconds patience);

}  // namespace holdfast::events
