#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/events/kafka.h"
#include "runtime/events/partitions.h"

namespace holdfast::events {

// How far a consumer group has come through its topics: what Kafka holds for it that no member has handled.
//
// Its members' places are told by whoever handles (at once) and by what the group has committed (others' places, up to
// a second late); the further of the two holds. A place only moves on, so what another member has handled meanwhile is
// never counted as unhandled for longer than that.
class GroupProgress {
 public:
  GroupProgress(kafka::Brokers brokers, std::string group, std::vector<std::string> topics);
  ~GroupProgress();

  // All before `next` is handled. Any thread; does not block.
  void handled(const std::string& topic, int partition, std::int64_t next);

  // Over all partitions; -1 for a group without topics. Any thread; blocks for one round trip to Kafka where all is
  // handled, for three at most. The first call connects.
  Result<std::int64_t> unhandled();

  // Where each partition ends now, and how much before such an end is unhandled: for who has to come so far, whatever
  // is published meanwhile. As `unhandled` otherwise.
  using Ends = std::map<Partition, std::int64_t>;
  Result<Ends> ends();
  Result<std::int64_t> unhandled_before(const Ends& ends);

 private:
  using Place = Partition;
  using Places = Ends;
  class Reader;

  Result<std::shared_ptr<Reader>> reader();
  Places behind(const Places& ends);

  const kafka::Brokers brokers_;
  const std::string group_;
  const std::vector<std::string> topics_;
  std::mutex mutex_;  // a leaf: of the two below
  Places handled_;
  std::shared_ptr<Reader> reader_;
};

}  // namespace holdfast::events
