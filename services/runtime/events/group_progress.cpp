#include "runtime/events/group_progress.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <span>
#include <thread>

namespace holdfast::events {
namespace {

constexpr int patience_ms = 5000;
// A topic that was made just now is led by nobody whom we know of yet.
constexpr std::chrono::seconds leader_patience{10};
constexpr std::chrono::milliseconds leader_pause{50};
// A topic may be given more partitions while we run.
constexpr std::chrono::seconds partitions_known_for{10};

bool has_no_leader(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

// While the broker that keeps the group's places moves or starts.
bool has_no_coordinator(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

Result<> check(rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return fail(Reason::dependency_unavailable, std::string("Kafka: ") + rd_kafka_err2str(error));
}

}  // namespace

// Asks in the group's name without being its member: nobody's partitions are taken.
class GroupProgress::Reader {
 public:
  explicit Reader(kafka::Handle handle) : handle_(std::move(handle)) {}

  Result<std::vector<Place>> partitions(const std::vector<std::string>& topics) {
    const std::lock_guard lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + leader_patience;
    while (known_.empty() || std::chrono::steady_clock::now() >= known_until_) {
      CHECK_OK(ask_for_partitions(topics));
      if (known_.empty()) std::this_thread::sleep_for(leader_pause);
      if (std::chrono::steady_clock::now() > until) break;
    }
    if (known_.empty()) return fail(Reason::dependency_unavailable, "Kafka does not know all topics yet");
    return known_;
  }

  // Where each of them ends or begins.
  Result<Places> offsets(const std::vector<Place>& places, std::int64_t which) {
    return ask(places, which, has_no_leader,
               [&](auto& list) { return rd_kafka_offsets_for_times(handle_.get(), &list, patience_ms); });
  }

  // What the group has committed; a partition of which it has committed nothing is left out.
  Result<Places> committed(const std::vector<Place>& places) {
    return ask(places, RD_KAFKA_OFFSET_INVALID, has_no_coordinator,
               [&](auto& list) { return rd_kafka_committed(handle_.get(), &list, patience_ms); });
  }

 private:
  // Nothing where one of the topics has no partitions yet.
  Result<> ask_for_partitions(const std::vector<std::string>& topics) {
    const rd_kafka_metadata_t* metadata = nullptr;
    CHECK_OK(check(rd_kafka_metadata(handle_.get(), 1, nullptr, &metadata, patience_ms)));
    const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> owned(
        metadata, rd_kafka_metadata_destroy);
    std::set<std::string> missing(topics.begin(), topics.end());
    std::vector<Place> found;
    for (int index = 0; index < metadata->topic_cnt; ++index) {
      const auto& topic = metadata->topics[index];
      if (topic.partition_cnt == 0 || missing.erase(topic.topic) == 0) continue;
      for (int part = 0; part < topic.partition_cnt; ++part) found.emplace_back(topic.topic, topic.partitions[part].id);
    }
    known_ = missing.empty() ? std::move(found) : std::vector<Place>();
    known_until_ = std::chrono::steady_clock::now() + partitions_known_for;
    return {};
  }

  // Again while what stands in the way passes, at most for `leader_patience`.
  template <class Question>
  static Result<Places> ask(const std::vector<Place>& places, std::int64_t which, bool (*passes)(rd_kafka_resp_err_t),
                            const Question& question) {
    const auto until = std::chrono::steady_clock::now() + leader_patience;
    while (true) {
      const auto list = kafka::list_of(places, which);
      const auto error = question(*list);
      const std::span elements(list->elems, static_cast<size_t>(list->cnt));
      const bool unsettled =
          passes(error) || std::ranges::any_of(elements, passes, [](const auto& one) { return one.err; });
      if (!unsettled || std::chrono::steady_clock::now() > until) {
        CHECK_OK(check(error));
        return places_of(*list);
      }
      std::this_thread::sleep_for(leader_pause);
    }
  }

  static Result<Places> places_of(const rd_kafka_topic_partition_list_t& list) {
    Places places;
    for (int index = 0; index < list.cnt; ++index) {
      const auto& one = list.elems[index];
      CHECK_OK(check(one.err));
      if (one.offset >= 0) places[{one.topic, one.partition}] = one.offset;
    }
    return places;
  }

  const kafka::Handle handle_;
  std::mutex mutex_;  // of the two below: one asks, the others wait for its answer
  std::vector<Place> known_;
  std::chrono::steady_clock::time_point known_until_{};
};

GroupProgress::GroupProgress(kafka::Brokers brokers, std::string group, std::vector<std::string> topics)
    : brokers_(std::move(brokers)), group_(std::move(group)), topics_(std::move(topics)) {}

GroupProgress::~GroupProgress() = default;

void GroupProgress::handled(const std::string& topic, int partition, std::int64_t next) {
  const std::lock_guard lock(mutex_);
  auto& place = handled_[{topic, partition}];
  place = std::max(place, next);
}

Result<std::int64_t> GroupProgress::unhandled() {
  if (topics_.empty()) return -1;
  const auto now = TRY(ends());
  return unhandled_before(now);
}

Result<GroupProgress::Ends> GroupProgress::ends() {
  const auto asked = TRY(reader());
  const auto partitions = TRY(asked->partitions(topics_));
  return asked->offsets(partitions, RD_KAFKA_OFFSET_END);
}

Result<std::int64_t> GroupProgress::unhandled_before(const Ends& ends) {
  const auto asked = TRY(reader());
  std::vector<Place> places;
  for (const auto& [place, missing] : behind(ends)) places.push_back(place);
  if (places.empty()) return 0;
  // What retention has removed before anybody came to it is nobody's to handle.
  const auto beginnings = TRY(asked->offsets(places, RD_KAFKA_OFFSET_BEGINNING));
  const auto committed = TRY(asked->committed(places));
  for (const auto& [place, begin] : beginnings) handled(place.first, place.second, begin);
  for (const auto& [place, next] : committed) handled(place.first, place.second, next);
  std::int64_t count = 0;
  for (const auto& [place, missing] : behind(ends)) count += missing;
  return count;
}

// How many events each partition is behind; those that are not are left out.
GroupProgress::Places GroupProgress::behind(const Places& ends) {
  const std::lock_guard lock(mutex_);
  Places left;
  for (const auto& [place, end] : ends) {
    const auto found = handled_.find(place);
    const auto next = found == handled_.end() ? 0 : found->second;
    if (next < end) left[place] = end - next;
  }
  return left;
}

Result<std::shared_ptr<GroupProgress::Reader>> GroupProgress::reader() {
  const std::lock_guard lock(mutex_);
  if (!reader_) {
    auto handle = TRY(kafka::make_handle(
        kafka::make_configuration({brokers_, {{"group.id", group_}, {"enable.auto.commit", "false"}}}), true));
    reader_ = std::make_shared<Reader>(std::move(handle));
  }
  return reader_;
}

}  // namespace holdfast::events
