#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <ostream>

#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "runtime/events/cloud_event.h"
#include "runtime/events/kafka.h"
#include "runtime/events/partitions.h"
#include "runtime/events/received.h"
#include "runtime/events/topics.h"

namespace holdfast::command_line {
namespace {

namespace kafka = events::kafka;

constexpr int patience_ms = 10'000;
constexpr int poll_ms = 200;
// How many of the latest events are shown to whoever asks neither for all nor for what comes.
constexpr std::int64_t latest = 10;

enum class From { beginning, latest };

// Which events are shown: of these topics, by these names (all when there are none), about this account.
struct Wanted {
  std::vector<std::string> topics;
  std::vector<std::string> names;
  std::optional<Uuid> account;

  bool filters() const { return !names.empty() || account.has_value(); }
  bool takes(const events::Event& event) const {
    const auto name = events::name_of_type(event.type);
    const bool by_name = names.empty() || std::ranges::find(names, name) != names.end();
    return by_name && (!account || events::account_of(event) == account);
  }
};

Error unreachable(const std::string& brokers, rd_kafka_resp_err_t error) {
  return fail(Reason::dependency_unavailable, "Kafka at " + brokers + ": " + rd_kafka_err2str(error));
}

// Reads topics without being a member of any group: nothing is committed, and nobody's work is taken.
class Tail {
 public:
  static Result<Tail> open(const std::string& brokers, const std::vector<std::string>& topics, From from) {
    // A group is named because librdkafka assigns no partitions without one; it is never joined.
    auto handle = TRY(kafka::make_handle(kafka::make_configuration({brokers,
                                                                    {{"group.id", "holdfast.command-line"},
                                                                     {"enable.auto.commit", "false"},
                                                                     {"auto.offset.reset", "earliest"},
                                                                     {"allow.auto.create.topics", "false"},
                                                                     {"log_level", "0"}}}),
                                         true));
    rd_kafka_poll_set_consumer(handle.get());
    Tail tail(std::move(handle));
    CHECK_OK(tail.assign(brokers, topics, from));
    return tail;
  }

  // Whether everything has been read that was there when it was opened.
  bool at_end() const { return ends_.empty(); }

  // The next event, if one comes soon. What is no event is passed over: Holdfast alone writes to these topics.
  std::optional<events::Event> next() {
    const kafka::Message message(rd_kafka_consumer_poll(handle_.get(), poll_ms));
    if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
    const auto end = ends_.find({rd_kafka_topic_name(message->rkt), message->partition});
    if (end != ends_.end() && message->offset + 1 >= end->second) ends_.erase(end);
    auto event = events::receive(*message);
    return event ? std::optional(*std::move(event)) : std::nullopt;
  }

 private:
  explicit Tail(kafka::Handle handle) : handle_(std::move(handle)) {}

  Result<> assign(const std::string& brokers, const std::vector<std::string>& topics, From from) {
    const kafka::Partitions assigned(rd_kafka_topic_partition_list_new(0));
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto error = rd_kafka_metadata(handle_.get(), 1, nullptr, &metadata, patience_ms);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unreachable(brokers, error);
    const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> owned(
        metadata, rd_kafka_metadata_destroy);
    for (const auto& topic : topics) {
      auto* const end = metadata->topics + metadata->topic_cnt;
      const auto* found = std::find_if(metadata->topics, end, [&](const auto& one) { return topic == one.topic; });
      for (int index = 0; found != end && index < found->partition_cnt; ++index) {
        CHECK_OK(add(brokers, topic, found->partitions[index].id, from, *assigned));
      }
    }
    rd_kafka_assign(handle_.get(), assigned.get());
    return {};
  }

  Result<> add(const std::string& brokers, const std::string& topic, int partition, From from,
               rd_kafka_topic_partition_list_t& assigned) {
    std::int64_t low = 0, high = 0;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    auto error = RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION;
    // A topic that was made just now is led by nobody whom we know of yet.
    while (error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION && std::chrono::steady_clock::now() < until) {
      error = rd_kafka_query_watermark_offsets(handle_.get(), topic.c_str(), partition, &low, &high, patience_ms);
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return unreachable(brokers, error);
    const auto begin = from == From::beginning ? low : std::max(low, high - latest);
    rd_kafka_topic_partition_list_add(&assigned, topic.c_str(), partition)->offset = begin;
    if (begin < high) ends_[{topic, partition}] = high;
    return {};
  }

  kafka::Handle handle_;
  std::map<std::pair<std::string, int>, std::int64_t> ends_;  // partitions with something left, and where that ends
};

// Every topic that our services publish to; dead letters have verbs of their own.
std::vector<std::string> all_topics() {
  std::vector<std::string> names;
  for (const auto* service : {"accounts", "contracts", "tickets", "notifications"}) {
    for (const auto& topic : events::topics_of(service, 1, 1)) {
      if (!topic.name.ends_with(".dlq")) names.push_back(topic.name);
    }
  }
  return names;
}

void print(Session& session, const events::Event& event) {
  const auto json = events::cloud_event_json(event);
  if (json) {
    session.out() << *json << std::endl;
  } else {
    session.err() << "holdfast: event " << to_string(event.id) << ": " << json.error().message << std::endl;
  }
}

// The latest of all partitions, in the order of their instants.
void print_latest(Session& session, Tail& tail, const Wanted& wanted) {
  std::multimap<Instant, events::Event> read;
  while (!tail.at_end()) {
    auto event = tail.next();
    if (!event || !wanted.takes(*event)) continue;
    read.emplace(event->occurred_at, *std::move(event));
    if (std::ssize(read) > latest) read.erase(read.begin());
  }
  for (const auto& [at, event] : read) print(session, event);
}

Result<> tail_events(Session& session, const Wanted& wanted, bool from_beginning, bool follow) {
  const auto brokers = TRY(session.installation().brokers());
  // The latest that pass a filter may lie anywhere.
  const auto from = from_beginning || wanted.filters() ? From::beginning : From::latest;
  auto tail = TRY(Tail::open(brokers, wanted.topics, from));
  if (!from_beginning) print_latest(session, tail, wanted);
  while (follow || !tail.at_end()) {
    const auto event = tail.next();
    if (event && wanted.takes(*event)) print(session, *event);
  }
  return {};
}

std::vector<std::string> given(const Values& values, std::string_view flag) {
  const auto found = values.find(flag);
  return found == values.end() ? std::vector<std::string>() : found->second;
}

Result<Wanted> wanted_by(const Values& values) {
  Wanted wanted{.topics = given(values, "topic"), .names = given(values, "name"), .account = {}};
  if (wanted.topics.empty()) wanted.topics = all_topics();
  const auto account = given(values, "account-id");
  if (account.empty()) return wanted;
  const auto id = parse_uuid(account.front());
  if (!id) return fail(Reason::field_invalid, "account-id", "'" + account.front() + "' is no id");
  wanted.account = *id;
  return wanted;
}

}  // namespace

Verb tail_events_verb() {
  return {.path = "events tail",
          .summary = "Prints events from Kafka as CloudEvents, one a line; the last ten unless told otherwise",
          .flags = {{.name = "topic",
                     .help = "such as holdfast.renewals; all of them otherwise",
                     .repeated = true,
                     .words = all_topics()},
                    {.name = "name",
                     .help = "such as ticket-opened; all of them otherwise",
                     .value = "NAME",
                     .repeated = true,
                     .words = events::all_event_names()},
                    {.name = "account-id", .help = "what is about this account alone", .value = "ID"},
                    {.name = "from-beginning", .help = "all that Kafka still has", .takes_value = false},
                    {.name = "follow", .help = "go on with what comes, until interrupted", .takes_value = false}},
          .run = [](Session& session, const Values& values) {
            const auto wanted = wanted_by(values);
            if (!wanted) return session.misused(wanted.error());
            const auto tailed =
                tail_events(session, *wanted, values.contains("from-beginning"), values.contains("follow"));
            return tailed ? Exit::done : session.refuse(tailed.error());
          }};
}

}  // namespace holdfast::command_line
