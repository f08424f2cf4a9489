// librdkafka as the runtime's consumer uses it, and its groups: whenever a member comes, goes or is not heard of, all
// give back what they have, and each is given its range anew. Offsets are committed each second, or when a partition is
// given back; some of these commits are lost. A member that was not heard of for too long goes on with what it had
// until it notices.

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "kafka_handles.h"

using namespace holdfast::simulation;

namespace holdfast::simulation {
namespace {

constexpr Nanoseconds session_timeout = 2 * second, tick = 500 * millisecond, commit_interval = second;

struct Group {
  std::int64_t generation = 0;
  std::vector<Member*> members;
  std::map<int, std::int64_t> committed;
};

std::map<std::string, Group>& groups() {
  static std::map<std::string, Group> all;
  return all;
}

Kafka& cluster() { return Kafka::current(); }
World& world() { return cluster().world; }
bool is_up() { return world().now >= cluster().up_at; }
bool is_heard(const Member& member) { return !member.dead && !world().is_paused(member.process); }

void begin_rebalance(Group& group) {
  ++group.generation;
  for (auto* member : group.members) member->joined = false;
  world().wake(&cluster().topics);
}

void join(Member& member) {
  auto& group = groups()[member.group];
  member.evicted = false;
  member.notices_at = never;
  member.heard_at = world().now;
  group.members.push_back(&member);
  begin_rebalance(group);
}

// The coordinator's look at who is there.
void look(const std::string& name) {
  auto& group = groups()[name];
  bool changed = false;
  for (auto* member : group.members) {
    if (!is_up() || is_heard(*member)) member->heard_at = world().now;
    member->evicted = world().now - member->heard_at > session_timeout;
    changed |= member->evicted;
  }
  std::erase_if(group.members, [](const Member* member) { return member->evicted; });
  if (changed) {
    world().trace("kafka gives up a member of ", name);
    begin_rebalance(group);
  }
  world().at(world().now + tick, [name] { look(name); });
}

std::int64_t committed(const Member& member, int partition) {
  const auto& all = groups()[member.group].committed;
  const auto found = all.find(partition);
  return found == all.end() ? RD_KAFKA_OFFSET_INVALID : found->second;
}

// Of what was stored; in the background librdkafka never goes back.
void commit(Member& member, bool may_go_back) {
  auto& group = groups()[member.group];
  if (member.evicted || !is_up()) return;
  for (const auto& [partition, offset] : member.stored) {
    if (may_go_back || offset > committed(member, partition)) group.committed[partition] = offset;
  }
}

void commit_in_background(rd_kafka_t* handle) {
  auto& member = *handle->member;
  if (member.dead) return;
  if (is_heard(member) && !world().random.once_in(10)) commit(member, false);
  world().at(world().now + commit_interval, [handle] { commit_in_background(handle); });
}

rd_kafka_topic_partition_list_t* list_of(const Member& member, const std::vector<int>& partitions) {
  auto* list = rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()));
  for (const int partition : partitions) {
    rd_kafka_topic_partition_list_add(list, member.topic.c_str(), partition);
  }
  return list;
}

void call_back(Member& member, rd_kafka_resp_err_t what, const std::vector<int>& partitions) {
  world().trace("consumer ", member.handle->number,
                what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? " gets " : " gives back ", partitions.size(),
                " partitions");
  auto* list = list_of(member, partitions);
  member.rebalance(member.handle, what, list, member.opaque);
  rd_kafka_topic_partition_list_destroy(list);
}

void give_back(Member& member) {
  std::vector<int> partitions;
  for (const auto& [partition, next] : member.position) partitions.push_back(partition);
  if (std::exchange(member.assigned, false)) call_back(member, RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, partitions);
}

// True if it was called back.
bool follow_group(Member& member) {
  if (!is_up()) return false;
  auto& group = groups()[member.group];
  if (member.evicted) {
    if (member.notices_at == never) member.notices_at = world().now + world().random.between(0, 500) * millisecond;
    if (world().now < member.notices_at) return false;
    give_back(member);
    join(member);
    return true;
  }
  if (member.generation == group.generation) return false;
  if (!member.joined) {
    give_back(member);
    member.joined = true;
    world().wake(&cluster().topics);
    return true;
  }
  if (!std::ranges::all_of(group.members, &Member::joined)) return false;
  const auto place = static_cast<size_t>(std::ranges::find(group.members, &member) - group.members.begin());
  std::vector<int> range;
  for (size_t partition = 0; partition < Kafka::partitions; ++partition) {
    if (partition * group.members.size() / Kafka::partitions == place) range.push_back(static_cast<int>(partition));
  }
  member.generation = group.generation;
  member.assigned = true;
  call_back(member, RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, range);
  return true;
}

struct Delivered : rd_kafka_message_t {
  explicit Delivered(Record& of) : rd_kafka_message_t{}, record(of) {}
  Record& record;
};

// The next message of a partition that it has, if there is one.
rd_kafka_message_t* next_message(Member& member) {
  if (!is_up()) return nullptr;
  for (auto& [partition, next] : member.position) {
    auto& log = (*member.log)[static_cast<size_t>(partition)];
    if (member.paused.contains(partition)) continue;
    if (next > std::ssize(log)) next = 0;  // auto.offset.reset: earliest
    if (next == std::ssize(log)) continue;
    auto* message = new Delivered(log[static_cast<size_t>(next)]);
    message->rkt = reinterpret_cast<rd_kafka_topic_t*>(&message->record.topic);
    message->partition = partition;
    if (auto& payload = message->record.payload) {
      message->payload = payload->data();
      message->len = payload->size();
    }
    message->key = message->record.key.data();
    message->key_len = message->record.key.size();
    message->offset = next++;
    member.taken[partition] = next;
    if (member.stores_at_delivery) member.stored[partition] = next;
    return message;
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<Member> make_member(rd_kafka_t* handle, const rd_kafka_conf_t* configuration) {
  const auto value_of = [&](const char* name) {
    std::array<char, 256> value{};
    size_t size = value.size();
    if (rd_kafka_conf_get(configuration, name, value.data(), &size) != RD_KAFKA_CONF_OK) std::abort();
    return std::string(value.data());
  };
  auto member = std::make_unique<Member>();
  member->handle = handle;
  member->process = handle->process;
  member->group = value_of("group.id");
  member->stores_at_delivery = value_of("enable.auto.offset.store") == "true";
  return member;
}

void Kafka::rebalance() {
  for (auto& [name, group] : groups()) begin_rebalance(group);
}

}  // namespace holdfast::simulation

extern "C" {

rd_kafka_resp_err_t rd_kafka_poll_set_consumer(rd_kafka_t*) { return RD_KAFKA_RESP_ERR_NO_ERROR; }
rd_kafka_resp_err_t rd_kafka_fatal_error(rd_kafka_t*, char*, size_t) { return RD_KAFKA_RESP_ERR_NO_ERROR; }

// Of one topic.
rd_kafka_resp_err_t rd_kafka_subscribe(rd_kafka_t* handle, const rd_kafka_topic_partition_list_t* topics) {
  auto& member = *handle->member;
  if (topics->cnt != 1) std::abort();
  member.topic = topics->elems[0].topic;
  member.log = &cluster().topics[member.topic];
  if (!groups().contains(member.group)) look(member.group);
  join(member);
  commit_in_background(handle);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Nothing is fetched before somebody asks for it.
rd_kafka_queue_t* rd_kafka_queue_get_consumer(rd_kafka_t* handle) {
  return reinterpret_cast<rd_kafka_queue_t*>(handle);
}
size_t rd_kafka_queue_length(rd_kafka_queue_t*) { return 0; }

rd_kafka_message_t* rd_kafka_consumer_poll(rd_kafka_t* handle, int timeout_ms) {
  auto& member = *handle->member;
  const auto until = world().now + timeout_ms * millisecond;
  for (;;) {
    while (follow_group(member)) {
    }
    if (auto* message = next_message(member)) return message;
    if (world().now >= until) return nullptr;
    world().block(&cluster().topics, until);
  }
}

void rd_kafka_message_destroy(rd_kafka_message_t* message) { delete static_cast<Delivered*>(message); }

const char* rd_kafka_topic_name(const rd_kafka_topic_t* topic) {
  return reinterpret_cast<const std::string*>(topic)->c_str();
}

int64_t rd_kafka_message_timestamp(const rd_kafka_message_t* message, rd_kafka_timestamp_type_t* type) {
  *type = RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME;
  return static_cast<const Delivered*>(message)->record.appended_at / millisecond;
}

rd_kafka_resp_err_t rd_kafka_message_headers(const rd_kafka_message_t* message, rd_kafka_headers_t** headers) {
  *headers = static_cast<const Delivered*>(message)->record.headers;
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// None: all are given back.
rd_kafka_resp_err_t rd_kafka_assign(rd_kafka_t* handle, const rd_kafka_topic_partition_list_t* partitions) {
  auto& member = *handle->member;
  if (!partitions) commit(member, true);
  member.position.clear();
  member.taken.clear();
  member.stored.clear();
  member.paused.clear();
  for (int index = 0; partitions && index < partitions->cnt; ++index) {
    const int partition = partitions->elems[index].partition;
    member.position[partition] = std::max<std::int64_t>(committed(member, partition), 0);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Of one partition.
rd_kafka_resp_err_t rd_kafka_offsets_store(rd_kafka_t* handle, rd_kafka_topic_partition_list_t* places) {
  auto& member = *handle->member;
  if (member.stores_at_delivery) return RD_KAFKA_RESP_ERR__INVALID_ARG;
  if (places->cnt != 1) std::abort();
  auto& place = places->elems[0];
  const bool is_ours = member.position.contains(place.partition);
  place.err = is_ours ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR__STATE;
  if (is_ours) member.stored[place.partition] = place.offset;
  return place.err;
}

rd_kafka_resp_err_t rd_kafka_pause_partitions(rd_kafka_t* handle, rd_kafka_topic_partition_list_t* places) {
  for (int index = 0; index < places->cnt; ++index) handle->member->paused.insert(places->elems[index].partition);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_resume_partitions(rd_kafka_t* handle, rd_kafka_topic_partition_list_t* places) {
  for (int index = 0; index < places->cnt; ++index) handle->member->paused.erase(places->elems[index].partition);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_assignment(rd_kafka_t* handle, rd_kafka_topic_partition_list_t** partitions) {
  *partitions = rd_kafka_topic_partition_list_new(static_cast<int>(Kafka::partitions));
  for (const auto& [partition, next] : handle->member->position) {
    rd_kafka_topic_partition_list_add(*partitions, handle->member->topic.c_str(), partition);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Behind the last message that was taken since the partition was assigned; none: not a place.
rd_kafka_resp_err_t rd_kafka_position(rd_kafka_t* handle, rd_kafka_topic_partition_list_t* places) {
  for (int index = 0; index < places->cnt; ++index) {
    auto& place = places->elems[index];
    const auto found = handle->member->taken.find(place.partition);
    place.offset = found == handle->member->taken.end() ? RD_KAFKA_OFFSET_INVALID : found->second;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Also of who is no member; a group has one topic.
rd_kafka_resp_err_t rd_kafka_committed(rd_kafka_t* handle, rd_kafka_topic_partition_list_t* places, int) {
  if (!is_up()) return RD_KAFKA_RESP_ERR__TIMED_OUT;
  for (int index = 0; index < places->cnt; ++index) {
    places->elems[index].offset = committed(*handle->member, places->elems[index].partition);
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_get_watermark_offsets(rd_kafka_t* handle, const char*, int32_t partition, int64_t* low,
                                                   int64_t* high) {
  *low = 0;
  *high = std::ssize((*handle->member->log)[static_cast<size_t>(partition)]);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // extern "C"
