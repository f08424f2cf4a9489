#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

struct rd_kafka_topic_partition_list_s;

namespace holdfast::events {

using Partition = std::pair<std::string, int>;  // topic and number

namespace kafka {

struct PartitionsDeleter {
  void operator()(rd_kafka_topic_partition_list_s* list) const;
};
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_s, PartitionsDeleter>;

// As librdkafka takes them, each with this offset.
Partitions list_of(std::span<const Partition> partitions, std::int64_t offset);

}  // namespace kafka
}  // namespace holdfast::events
