#include "runtime/events/kafka.h"

#include <librdkafka/rdkafka.h>
#include <syslog.h>

#include <array>
#include <future>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "runtime/events/new_topics.h"
#include "runtime/log/log.h"

namespace holdfast::events {
namespace kafka {
namespace {

void write_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  static log::Repeated lines(std::chrono::seconds(10));
  if (level <= LOG_WARNING) lines.warn("librdkafka", {{"facility", facility}, {"text", text}});
}

}  // namespace

// With no thread to be had the handle is left as it is.
void HandleDeleter::operator()(rd_kafka_s* handle) const {
  std::promise<void> ending;
  const auto ended = ending.get_future();
  try {
    std::thread([handle, ending = std::move(ending)]() mutable {
      rd_kafka_destroy(handle);
      ending.set_value();
    }).detach();
  } catch (const std::system_error&) {
  }
  if (ended.wait_for(patience) == std::future_status::timeout) {
    log::error("librdkafka does not end what it began, and is left to itself");
  }
}

void MessageDeleter::operator()(rd_kafka_message_s* message) const { rd_kafka_message_destroy(message); }

rd_kafka_conf_s* make_configuration(const Configuration& configuration) {
  rd_kafka_conf_t* made = rd_kafka_conf_new();
  std::array<char, 512> error{};
  const auto set = [&](const std::string& name, const std::string& value) {
    if (rd_kafka_conf_set(made, name.c_str(), value.c_str(), error.data(), error.size()) != RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(made);
      throw std::logic_error("librdkafka refuses " + name + ": " + error.data());
    }
  };
  set("bootstrap.servers", configuration.brokers.addresses);
  set("client.id", "holdfast");
  set("socket.nagle.disable", "true");
  set("log.connection.close", "false");
  for (const auto& [name, value] : configuration.brokers.access) set(name, value);
  for (const auto& [name, value] : configuration.entries) set(name, value);
  rd_kafka_conf_set_log_cb(made, &write_log);
  return made;
}

Result<Handle> make_handle(rd_kafka_conf_s* configuration, bool is_consumer) {
  std::array<char, 512> error{};
  auto* handle =
      rd_kafka_new(is_consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER, configuration, error.data(), error.size());
  if (!handle) {
    rd_kafka_conf_destroy(configuration);
    return fail(Reason::dependency_unavailable, std::string("Kafka: ") + error.data());
  }
  return Handle(handle);
}

Result<> check_access(const Brokers& brokers) {
  if (brokers.access.empty()) return {};
  const auto made = make_handle(make_configuration({brokers, {}}), false);
  if (!made) return fail(Reason::setting_invalid, made.error().message);
  return {};
}

}  // namespace kafka

namespace {

struct NewTopics {
  std::vector<rd_kafka_NewTopic_t*> list;

  NewTopics() = default;
  NewTopics(const NewTopics&) = delete;
  ~NewTopics() {
    for (auto* topic : list) rd_kafka_NewTopic_destroy(topic);
  }

  void add(const Topic& topic) {
    std::array<char, 512> error{};
    auto* made =
        rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replicas, error.data(), error.size());
    if (!made) throw std::logic_error("topic " + topic.name + ": " + error.data());
    list.push_back(made);
    for (const auto& [name, value] : entries_of(topic)) rd_kafka_NewTopic_set_config(made, name.c_str(), value.c_str());
  }
};

TopicsMade what_became(rd_kafka_event_t* event) {
  if (!event) return {.missing = "no broker answered in time"};
  if (const auto error = rd_kafka_event_error(event)) {
    // librdkafka's own are below 0.
    return {.answered = error > 0, .missing = rd_kafka_event_error_string(event)};
  }
  TopicsMade made{.answered = true};
  size_t count = 0;
  const auto* const* topics = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  for (size_t index = 0; index < count; ++index) {
    const auto error = rd_kafka_topic_result_error(topics[index]);
    if (!error || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* text = rd_kafka_topic_result_error_string(topics[index]);
    made.missing =
        std::string(rd_kafka_topic_result_name(topics[index])) + ": " + (text ? text : rd_kafka_err2str(error));
  }
  return made;
}

}  // namespace

// What Kafka acknowledges is deleted from the outbox. "acks=all" asks all replicas that are in sync, and by Kafka's
// default the leader alone may be all: where there are others, one of them has it too.
std::vector<std::pair<std::string, std::string>> entries_of(const Topic& topic) {
  return {{"retention.ms", std::to_string(topic.retention.count())},
          {"min.insync.replicas", topic.replicas > 1 ? "2" : "1"},
          // How long an event has lain there is for the broker to say, not for whoever sent it: with a wrong clock of
          // ours it would be refused as of the future, or forgotten before it is read.
          {"message.timestamp.type", "LogAppendTime"}};
}

TopicsMade make_topics(const kafka::Brokers& brokers, const std::vector<Topic>& topics,
                       std::chrono::milliseconds patience) {
  const auto handle = kafka::make_handle(kafka::make_configuration({brokers, {}}), false);
  if (!handle) return {.missing = handle.error().message};
  NewTopics wanted;
  for (const auto& topic : topics) wanted.add(topic);
  const auto timeout_ms = static_cast<int>(patience.count());
  std::array<char, 512> error{};
  auto* options = rd_kafka_AdminOptions_new(handle->get(), RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, error.data(), error.size());
  auto* queue = rd_kafka_queue_new(handle->get());
  rd_kafka_CreateTopics(handle->get(), wanted.list.data(), wanted.list.size(), options, queue);
  auto* event = rd_kafka_queue_poll(queue, timeout_ms + 1000);
  auto made = what_became(event);
  if (event) rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_AdminOptions_destroy(options);
  return made;
}

Result<> create_topics(const kafka::Brokers& brokers, const std::vector<Topic>& topics,
                       std::chrono::milliseconds patience) {
  const auto made = make_topics(brokers, topics, patience);
  if (made.missing.empty()) return {};
  return fail(Reason::dependency_unavailable, "Kafka: topics could not be created: " + made.missing);
}

}  // namespace holdfast::events
