#include "runtime/events/partitions.h"

#include <librdkafka/rdkafka.h>

namespace holdfast::events::kafka {

void PartitionsDeleter::operator()(rd_kafka_topic_partition_list_s* list) const {
  rd_kafka_topic_partition_list_destroy(list);
}

Partitions list_of(std::span<const Partition> partitions, std::int64_t offset) {
  Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const auto& [topic, number] : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), number)->offset = offset;
  }
  return list;
}

}  // namespace holdfast::events::kafka
