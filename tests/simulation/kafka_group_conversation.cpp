#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <vector>

#include "kafka.h"
#include "kafka_clients.h"
#include "kafka_conversations.h"
#include "kafka_surroundings.h"
#include "runtime/core/uuid.h"

namespace holdfast::simulation {
namespace {

constexpr int partitions = static_cast<int>(Kafka::partitions);
// So that what never comes ends in a difference.
constexpr int most_rounds = 3000, round_ms = 20;
constexpr size_t most_members = 4;
constexpr int most_steps = 14;

int partition_of(const std::string& key) {
  return rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), partitions, nullptr, nullptr);
}

// One topic, one group, its members and a producer.
class Conversation {
 public:
  Conversation(std::uint64_t seed, bool stores_at_delivery) : random_(seed), stores_at_delivery_(stores_at_delivery) {
    make_topic(topic_);
    if (stores_at_delivery_) say("offsets are stored at delivery");
  }

  void at_random() {
    produce(random_.between(0, 10));
    join();
    for (int step = 0; step < most_steps; ++step) take_step();
    join();
  }

  void rewind() {
    produce(30);
    join();
    store(0, end_[0]);
    store(2, end_[2]);
    wait_until_committed();
    store(0, 1);
    store(1, 2);
    wait_until_committed();
    join();
    say_progress();
    store(0, 0);
    join();
  }

  void out_of_range() {
    produce(20);
    join();
    store(1, end_[1] + 5);
    join();
    produce(10);
    take_all();
    say_progress();
    store(1, end_[1]);
    wait_until_committed();
    join();
  }

  void crowd() {
    produce(20);
    for (size_t member = 0; member < most_members; ++member) join();
    say_progress();
    store(2, 1);
    die(2);
    say_progress();
  }

 private:
  void take_step();
  Message any_message();
  Bytes any_bytes();
  void produce(std::int64_t count);
  void join();
  void die(int partition);
  void settle();
  void store(int partition, std::int64_t next);
  void store_what_is_not_had(int partition);
  void pause(int partition);
  void wait_until_committed();
  void say_progress();
  void take_all();
  bool has_all() const;
  void take(Taker& taker, int timeout_ms);
  Taker& owner_of(int partition);

  Random random_;
  const bool stores_at_delivery_;
  const std::string topic_ = "conversation." + to_string(new_uuid()), group_ = topic_ + ".group";
  std::unique_ptr<Sender> sender_ = std::make_unique<Sender>(brokers());
  const Reader reader_{brokers(), group_};
  std::vector<std::unique_ptr<Taker>> takers_;
  int processes_ = 1;
  bool has_died_ = false;
  std::int64_t sent_ = 0;
  std::vector<std::string> sent_keys_;  // by this producer
  size_t reported_ = 0;
  std::array<std::int64_t, partitions> end_{}, next_{}, committed_{};
  std::array<std::vector<Taker::Taken>, partitions> taken_;  // since it was last told
  int paused_ = -1;
};

void Conversation::take_step() {
  const auto partition = static_cast<int>(random_.between(0, partitions - 1));
  const auto place = static_cast<size_t>(partition);
  switch (random_.between(1, 12)) {
    case 1:
    case 2:
      if (takers_.size() < most_members) return join();
      break;
    case 3:
      if (takers_.size() > 1 && !has_died_) return die(partition);
      break;
    case 4:
      return pause(partition);
    case 5:
      return say_progress();
    case 6:
      return store_what_is_not_had(partition);
    case 7:
      return wait_until_committed();
    case 8:
      say("another producer");
      sender_ = std::make_unique<Sender>(brokers());
      sent_keys_.clear();
      reported_ = 0;
      break;
    case 9:
    case 10:
      if (next_[place] > committed_[place]) store(partition, random_.between(committed_[place] + 1, next_[place]));
      return;
    default:
      break;
  }
  produce(random_.between(1, 8));
  take_all();
}

Bytes Conversation::any_bytes() {
  if (random_.once_in(6)) return std::nullopt;
  std::string bytes;
  for (auto size = random_.once_in(4) ? 0 : random_.between(1, 12); size > 0; --size) {
    bytes += static_cast<char>(random_.between(0, 255));
  }
  return bytes;
}

// The first headers are those that the model wants to see, the others such as the product has none like.
Message Conversation::any_message() {
  Message message{.key = keys[static_cast<size_t>(random_.between(0, std::ssize(keys) - 1))], .value = any_bytes()};
  message.headers = {{"ce_id", "id"}, {"ce_sequence", std::to_string(++sent_)}};
  for (auto count = random_.between(0, 3); count > 0; --count) {
    message.headers.emplace_back("header" + std::to_string(random_.between(1, 2)), any_bytes());
  }
  return message;
}

// Their partition is that of their key, and so is the order of their reports.
void Conversation::produce(std::int64_t count) {
  for (; count > 0; --count) {
    const auto message = any_message();
    sender_->send(topic_, message);
    sent_keys_.push_back(message.key);
    ++end_[static_cast<size_t>(partition_of(message.key))];
    say("sends {}", in_words(message));
  }
  const auto reports = sender_->reports();
  std::map<std::string, std::vector<std::string>> told;
  for (size_t index = reported_; index < reports.size(); ++index) {
    const auto& [number, error] = reports[index];
    told[sent_keys_.at(number)].push_back(fmt::format("{} {}", number, rd_kafka_err2name(error)));
  }
  for (const auto& [key, of_key] : told) say("reports of {}: {}", quoted(key), fmt::join(of_key, ", "));
  say("it was {}called", sender_->was_called() ? "" : "not ");
  reported_ = reports.size();
}

void Conversation::join() {
  say("another member");
  in_process(++processes_,
             [this] { takers_.push_back(std::make_unique<Taker>(brokers(), group_, topic_, stores_at_delivery_)); });
  settle();
}

Taker& Conversation::owner_of(int partition) {
  const auto found = std::ranges::find_if(takers_, [&](const auto& taker) { return taker->has().contains(partition); });
  if (found == takers_.end()) break_off(fmt::format("nobody has partition {}", partition));
  return **found;
}

// What was stored is committed before: whether it would be otherwise, is chance.
void Conversation::die(int partition) {
  wait_until_committed();
  auto& victim = owner_of(partition);
  say("who has partition {} dies", partition);
  has_died_ = true;
  kill(victim.handle());
  // Never destroyed: librdkafka's threads may still know it.
  const auto found = std::ranges::find(takers_, &victim, &std::unique_ptr<Taker>::get);
  static_cast<void>(found->release());
  takers_.erase(found);
  settle();
}

// Until each has its new part; then all is taken from where the group is.
void Conversation::settle() {
  std::map<const Taker*, int> before;
  int revoked_before = 0, revoked = 0;
  for (const auto& taker : takers_) {
    before[taker.get()] = taker->assignments();
    revoked_before += taker->revocations();
  }
  const auto is_assigned = [&](const auto& taker) { return taker->assignments() > before[taker.get()]; };
  next_ = {};
  for (int round = 0; round < most_rounds && !std::ranges::all_of(takers_, is_assigned); ++round) {
    for (const auto& taker : takers_) take(*taker, round_ms);
  }
  std::vector<std::set<int>> parts;
  for (const auto& taker : takers_) {
    parts.push_back(taker->has());
    revoked += taker->revocations();
    if (const auto more = taker->assignments() - before[taker.get()]; more != 1) say("assigned {} times", more);
  }
  std::ranges::sort(parts);
  const auto committed = reader_.committed(topic_);
  say("parts {}, after {} revocations, from {}", fmt::join(parts, " "), revoked - revoked_before,
      fmt::join(committed, ", "));
  for (size_t place = 0; place < committed_.size(); ++place) {
    committed_[place] = std::max<std::int64_t>(committed[place], 0);
    const bool is_in_range = committed_[place] <= end_[place];
    if (taken_[place].empty()) next_[place] = is_in_range ? committed_[place] : 0;
  }
  take_all();
}

void Conversation::store(int partition, std::int64_t next) {
  const auto answer = owner_of(partition).store(partition, next);
  say("stores {} of partition {}: {}", next, partition, answer);
  auto& committed = committed_[static_cast<size_t>(partition)];
  if (!stores_at_delivery_) committed = std::max(committed, next);  // by itself it goes nowhere else
}

void Conversation::store_what_is_not_had(int partition) {
  for (const auto& taker : takers_) {
    if (taker->has().contains(partition)) continue;
    return say("stores of partition {}, which another has: {}", partition, taker->store(partition, 1));
  }
}

void Conversation::pause(int partition) {
  auto& taker = owner_of(partition);
  say("pauses {}: {}", partition, taker.pause(partition));
  paused_ = partition;
  produce(random_.between(1, 8));
  take_all();
  paused_ = -1;
  say("resumes {}: {}", partition, taker.resume(partition));
  take_all();
}

// As far as something was stored.
void Conversation::wait_until_committed() {
  const std::vector<std::int64_t> expected(stores_at_delivery_ ? next_.begin() : committed_.begin(),
                                           stores_at_delivery_ ? next_.end() : committed_.end());
  std::vector<std::int64_t> committed;
  for (int round = 0; round < most_rounds; ++round) {
    committed = reader_.committed(topic_);
    for (auto& place : committed) place = std::max<std::int64_t>(place, 0);
    if (committed == expected) break;
    for (const auto& taker : takers_) take(*taker, round_ms);
  }
  say("committed is {}", fmt::join(committed, ", "));
}

// When each has fetched since the last was produced.
void Conversation::say_progress() {
  const auto knows_ends = [&](const auto& taker) {
    return std::ranges::all_of(
        taker->has(), [&](int partition) { return taker->end_of(partition) == end_[static_cast<size_t>(partition)]; });
  };
  for (int round = 0; round < most_rounds && !std::ranges::all_of(takers_, knows_ends); ++round) {
    for (const auto& taker : takers_) take(*taker, round_ms);
  }
  std::vector<std::string> all;
  for (const auto& taker : takers_) all.push_back(taker->progress());
  std::ranges::sort(all);
  say("progress{}", fmt::join(all, ";"));
}

void Conversation::take(Taker& taker, int timeout_ms) {
  for (auto taken = taker.take(timeout_ms); taken; taken = taker.take(0)) {
    const auto place = static_cast<size_t>(taken->partition);
    next_[place] = taken->offset + 1;
    taken_[place].push_back(*std::move(taken));
  }
}

bool Conversation::has_all() const {
  for (int partition = 0; partition < partitions; ++partition) {
    const auto place = static_cast<size_t>(partition);
    if (partition != paused_ && next_[place] < end_[place]) return false;
  }
  return true;
}

// And a round more, in which nothing may come.
void Conversation::take_all() {
  if (takers_.empty()) return;
  for (int round = 0, more = 1; round < most_rounds && more >= 0; ++round) {
    if (has_all()) --more;
    for (const auto& taker : takers_) take(*taker, round_ms);
  }
  for (int partition = 0; partition < partitions; ++partition) {
    for (const auto& taken : taken_[static_cast<size_t>(partition)]) {
      say("partition {} offset {}: {}", partition, taken.offset, taken.words);
    }
    taken_[static_cast<size_t>(partition)].clear();
  }
}

}  // namespace

void converse_in_group(const std::string& name, std::uint64_t seed) {
  const bool is_tabled = name != "at_random";
  // Never destroyed: librdkafka's threads know its parts.
  auto& conversation = *new Conversation(seed, !is_tabled && seed % 3 == 0);
  if (name == "rewind") return conversation.rewind();
  if (name == "out_of_range") return conversation.out_of_range();
  if (name == "crowd") return conversation.crowd();
  if (name == "at_random") return conversation.at_random();
  break_off("no such conversation: " + name);
}

}  // namespace holdfast::simulation
