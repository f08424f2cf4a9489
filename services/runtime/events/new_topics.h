#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "runtime/events/kafka.h"

namespace holdfast::events {

// What Kafka is told of a topic beside its partitions and replicas.
std::vector<std::pair<std::string, std::string>> entries_of(const Topic& topic);

// What has become of topics that were asked for.
struct TopicsMade {
  bool answered = false;     // by a broker: what is missing, it did not make
  std::string missing = {};  // why; empty: all are there
};

// As create_topics. One that is refused does not keep the broker from making the others.
TopicsMade make_topics(const kafka::Brokers& brokers, const std::vector<Topic>& topics,
                       std::chrono::milliseconds patience);

}  // namespace holdfast::events
