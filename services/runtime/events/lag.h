#pragma once

#include <cstdint>
#include <map>

#include "runtime/events/partitions.h"

struct rd_kafka_s;

namespace holdfast::events {

// How many messages Kafka has for a consumer that were not taken from it. The consumer's thread alone.
class Lag {
 public:
  // -1 when nothing is assigned, or while Kafka does not say. By what the last fetches told; asks Kafka once after an
  // assignment, and blocks for that, half a second at most.
  std::int64_t measure(rd_kafka_s& handle);
  // Partitions were given or taken away.
  void reassigned() { beginnings_.clear(); }

 private:
  // Where the group stands in partitions of which nothing was taken since they were ours: there librdkafka knows no
  // position, though all may have been handled long ago.
  std::map<Partition, std::int64_t> beginnings_;
};

}  // namespace holdfast::events
