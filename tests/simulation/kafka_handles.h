#pragma once

#include <librdkafka/rdkafka.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "kafka.h"

// What rd_kafka_new gives out: a producer, or a consumer, which has a member.

namespace holdfast::simulation {

struct Produced {
  Record record;
  void* opaque;
};

// Of whose opaque it is.
using Report = std::pair<void*, rd_kafka_resp_err_t>;

// A consumer's place in its group. `position` (the next to fetch), `taken` (the next to take), `stored` and `paused`
// are of the partitions that it believes to have.
struct Member {
  using Rebalance = void (*)(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*, void*);

  rd_kafka_t* handle = nullptr;
  Process process = 0;
  std::string group, topic;
  Kafka::Log* log = nullptr;  // the topic's
  Rebalance rebalance = nullptr;
  void* opaque = nullptr;
  bool stores_at_delivery = false;
  std::map<int, std::int64_t> position, taken, stored;
  std::set<int> paused;
  std::int64_t generation = 0;  // whose assignment it has
  bool assigned = false;        // if only nothing
  bool joined = false;          // waits for the next one
  bool dead = false;            // its process is
  bool evicted = false;         // and has not noticed before `notices_at`
  Nanoseconds heard_at = 0, notices_at = never;
};

// As the configuration says; without the callbacks.
std::unique_ptr<Member> make_member(rd_kafka_t* handle, const rd_kafka_conf_t* configuration);

}  // namespace holdfast::simulation

struct rd_kafka_s {
  using DeliveryReport = void (*)(rd_kafka_t*, const rd_kafka_message_t*, void*);

  int number = 0;
  holdfast::simulation::Process process = 0;
  std::unique_ptr<holdfast::simulation::Member> member;
  DeliveryReport report = nullptr;
  void (*answered)(rd_kafka_t*, void*) = nullptr;
  void* opaque = nullptr;
  bool has_reached = false;  // the cluster, once
  bool ended = false;
  bool pumping[holdfast::simulation::Kafka::partitions] = {};
  std::deque<holdfast::simulation::Produced> lanes[holdfast::simulation::Kafka::partitions];  // not appended yet
  std::deque<void*> appended[holdfast::simulation::Kafka::partitions];  // the opaques of what waits for its report
  std::deque<holdfast::simulation::Report> ready;                       // reports to be served
};
