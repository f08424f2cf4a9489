// kafka_conversations NAME SEED: a conversation with Kafka, and what was answered, in lines. kafka_conformance_test.py
// has the same with a broker and with the model of one, and compares the lines.

#include "kafka_conversations.h"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <vector>

#include "kafka_clients.h"
#include "kafka_surroundings.h"
#include "runtime/core/uuid.h"
#include "world.h"

namespace holdfast::simulation {
namespace {

// More than one request takes.
constexpr size_t messages = 600, padding = 6000;
constexpr int most_rounds = 1000, round_ms = 20;

using Values = std::map<std::string, std::vector<std::string>>;  // by key, in the order of the log

// Of the values of a key, those that begin so.
std::vector<std::string> of(const std::vector<std::string>& values, const std::string& who) {
  std::vector<std::string> found;
  for (const auto& value : values) {
    if (value.starts_with(who)) found.push_back(value);
  }
  return found;
}

// The messages of each key, so many together.
Values send(Sender& sender, const std::string& topic, const std::string& who, size_t count) {
  Values sent;
  for (size_t number = 0; number < count; ++number) {
    const auto& key = keys[number % keys.size()];
    const auto value = who + std::to_string(number) + std::string(padding, '.');
    sender.send(topic, {.key = key, .value = value, .headers = {{"ce_sequence", "1"}}});
    sent[key].push_back(value);
  }
  return sent;
}

// With nobody to send it to, nothing can have been sent.
void never_reached() {
  Sender sender(brokers_out_of_reach());
  static_cast<void>(send(sender, "nowhere", "never", keys.size()));
  sender.give_up();
  for (const auto& report : sender.reports()) say("report: {}", rd_kafka_err2name(report.error));
}

// How many of each key were acknowledged, which must be the first.
std::map<std::string, size_t> judge_reports(const std::vector<Sender::Report>& reports) {
  std::map<size_t, std::vector<rd_kafka_resp_err_t>> told;
  for (const auto& [number, error] : reports) told[number].push_back(error);
  bool is_once = told.size() == messages, is_purged = true, is_beginning = true;
  std::map<std::string, size_t> acknowledged, given_up;
  for (const auto& [number, errors] : told) {
    const auto& key = keys[number % keys.size()];
    is_once = is_once && errors.size() == 1;
    if (errors.front() == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++acknowledged[key];
      is_beginning = is_beginning && given_up[key] == 0;
      continue;
    }
    ++given_up[key];
    is_purged = is_purged && (errors.front() == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
                              errors.front() == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT);
  }
  say("each is reported once: {}; as taken or purged: {}; those that are taken first: {}", is_once, is_purged,
      is_beginning);
  return acknowledged;
}

// What is given up may have arrived or not, be reported or not, and come behind what the next one sends; but what is
// reported is there, and of each stream a beginning, in order and once.
void given_up(std::uint64_t seed) {
  const std::string topic = "conversation." + to_string(new_uuid());
  make_topic(topic);
  Sender first(brokers()), second(brokers());
  const auto sent = send(first, topic, "first", messages);
  // Some of it is on its way then, most of it is not.
  first.wait_for_reports(static_cast<size_t>(Random(seed).between(1, 300)));
  first.give_up();
  const auto acknowledged = judge_reports(first.reports());
  const auto sent_then = send(second, topic, "second", messages);
  for (const auto& report : second.reports()) {
    if (report.error != RD_KAFKA_RESP_ERR_NO_ERROR) say("report: {}", rd_kafka_err2name(report.error));
  }
  auto& taker = *new Taker(brokers(), topic, topic, false);  // librdkafka's threads know it
  Values log;
  size_t of_second = 0;
  for (int round = 0; round < most_rounds && of_second < messages; ++round) {
    for (auto taken = taker.take(round_ms); taken; taken = taker.take(0)) {
      of_second += taken->value.starts_with("second") ? 1 : 0;
      log[taken->key].push_back(taken->value);
    }
  }
  for (const auto& [key, values] : log) {
    const auto of_first = of(values, "first");
    const auto& all = sent.at(key);
    const bool is_beginning =
        of_first.size() <= all.size() && std::equal(of_first.begin(), of_first.end(), all.begin());
    const auto least = acknowledged.contains(key) ? acknowledged.at(key) : 0;
    say("{}: what was acknowledged is there: {}; a beginning: {}; then all: {}", quoted(key), of_first.size() >= least,
        is_beginning, of(values, "second") == sent_then.at(key));
  }
}

void converse(const std::string& name, std::uint64_t seed) {
  if (name == "never_reached") return never_reached();
  if (name == "given_up") return given_up(seed);
  converse_in_group(name, seed);
}

}  // namespace
}  // namespace holdfast::simulation

int main(int count, char** words) {
  using namespace holdfast::simulation;
  if (count != 3) break_off("usage: kafka_conversations NAME SEED");
  const std::uint64_t seed = std::strtoull(words[2], nullptr, 10);
  hold(seed, [&] { converse(words[1], seed); });
  std::fflush(stdout);
  ::_exit(0);  // what librdkafka has under way has no end
}
