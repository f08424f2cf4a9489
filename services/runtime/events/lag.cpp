#include "runtime/events/lag.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <span>
#include <vector>

namespace holdfast::events {
namespace {

constexpr int committed_patience_ms = 500;

std::span<rd_kafka_topic_partition_t> elements(const kafka::Partitions& list) {
  return {list->elems, static_cast<size_t>(list->cnt)};
}

}  // namespace

std::int64_t Lag::measure(rd_kafka_s& handle) {
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(&handle, &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return -1;
  const kafka::Partitions positions(assigned);
  if (positions->cnt == 0) return -1;
  rd_kafka_position(&handle, positions.get());

  std::vector<Partition> unknown;
  for (const auto& place : elements(positions)) {
    const Partition partition(place.topic, place.partition);
    if (place.offset < 0 && !beginnings_.contains(partition)) unknown.push_back(partition);
  }
  if (!unknown.empty()) {
    const auto committed = kafka::list_of(unknown, RD_KAFKA_OFFSET_INVALID);
    if (rd_kafka_committed(&handle, committed.get(), committed_patience_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) return -1;
    for (const auto& place : elements(committed)) {
      if (place.err) return -1;
      beginnings_[{place.topic, place.partition}] = place.offset;
    }
  }

  std::int64_t lag = 0;
  for (const auto& place : elements(positions)) {
    const auto begins = place.offset < 0 ? beginnings_.at({place.topic, place.partition}) : place.offset;
    std::int64_t low = 0, high = 0;
    // Of the last fetch: no request.
    rd_kafka_get_watermark_offsets(&handle, place.topic, place.partition, &low, &high);
    // Where the group has nothing yet, it begins with the first that Kafka still has.
    if (high > 0) lag += std::max<std::int64_t>(0, high - std::max(begins, low));
  }
  return lag;
}

}  // namespace holdfast::events
