#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "world.h"

struct rd_kafka_headers_s;

namespace holdfast::simulation {

// A message as it lies in a partition; of its headers, apart, what the checks read.
struct Record {
  std::string topic, key, id;
  std::int64_t sequence = 0;
  std::optional<std::string> payload;
  rd_kafka_headers_s* headers = nullptr;  // never freed: whoever has taken it reads them
  Nanoseconds appended_at = 0;
};

// The cluster that librdkafka's functions, as defined in kafka.cpp and kafka_groups.cpp, talk to. One a world.
//
// Of the producer's promises it keeps these: what one idempotent producer sends to a partition is appended in the order
// it was sent, once each, and reported in that order, whenever the cluster is there again. What was on its way when the
// producer was purged or its process died may still be appended, also behind what the next one sends.
class Kafka {
 public:
  explicit Kafka(World& world);
  static Kafka& current();

  // Nothing is appended or acknowledged before.
  void go_away(Nanoseconds up) { up_at = up; }
  void cut(Process process);
  // Whatever the groups' members have changes hands.
  void rebalance();

  static constexpr size_t partitions = 3;

  World& world;
  Nanoseconds up_at = 0;
  using Log = std::array<std::deque<Record>, partitions>;
  std::map<std::string, Log> topics;  // each is there, and its records stay where they are
};

}  // namespace holdfast::simulation
