// Whether the model of Redis says what Redis says: random commands of the cache's, one after the other, on a few keys.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>

#include "redis_values.h"
#include "runtime/cache/drop_feed.h"
#include "runtime/cache/tests/private_redis.h"

namespace holdfast::simulation {
namespace {

constexpr int conversations = 20, commands = 300;
// Lives are hours, so that what the conversation itself takes does not matter.
constexpr std::int64_t hour_ms = 3'600'000;
const std::string channel = "drops";

// A connection to the real one.
class Connection {
 public:
  explicit Connection(const std::string& socket) : context_(redisConnectUnix(socket.c_str())) {
    if (!context_ || context_->err != 0) throw std::runtime_error("Redis cannot be reached");
  }

  RedisAnswer say(const RedisWords& words) {
    std::vector<const char*> texts;
    std::vector<size_t> lengths;
    for (const auto& word : words) {
      texts.push_back(word.data());
      lengths.push_back(word.size());
    }
    redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), texts.data(), lengths.data());
    return hear();
  }

  // Blocks until something comes.
  RedisAnswer hear() {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK) throw std::runtime_error(context_->errstr);
    auto answer = answer_of(*static_cast<redisReply*>(reply));
    freeReplyObject(reply);
    return answer;
  }

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };

  static RedisAnswer answer_of(const redisReply& reply) {
    RedisAnswer answer{.type = reply.type};
    if (reply.str) answer.text.assign(reply.str, reply.len);
    if (reply.type == REDIS_REPLY_INTEGER) answer.number = reply.integer;
    for (size_t place = 0; place < reply.elements; ++place) answer.list.push_back(answer_of(*reply.element[place]));
    return answer;
  }

  std::unique_ptr<redisContext, Free> context_;
};

std::string in_words(const RedisAnswer& answer) {
  auto words =
      "type " + std::to_string(answer.type) + ", number " + std::to_string(answer.number) + ", '" + answer.text + "'";
  for (const auto& element : answer.list) words += " [" + in_words(element) + "]";
  return words;
}

class Conversation {
 public:
  Conversation(std::uint64_t seed, const std::string& socket) : world_(seed, false), real_(socket), listener_(socket) {
    real_.say({"FLUSHALL"});
    compare({"SUBSCRIBE", channel}, listener_);
  }

  // The first difference; empty: there is none.
  std::string run() {
    for (int said = 0; said < commands && difference_.empty(); ++said) say_something();
    return difference_;
  }

 private:
  void say_something() {
    const auto key = "key" + std::to_string(random_.between(1, 3)), lease = "lease:" + key;
    switch (random_.between(1, 7)) {
      case 1:
        compare({"GET", key}, real_);
        break;
      case 2:
        compare({"EVAL", lease_script, "1", lease, token(), life()}, real_);
        break;
      case 3:
      case 4:
        compare({"EVAL", fill_script, "2", key, lease, token(), value(), life()}, real_);
        break;
      case 5:
        compare({"EVAL", drop_script, "2", key, lease, version(), channel, value()}, real_);
        hear();
        break;
      case 6:
        pass_hour();
        break;
      default:
        compare({"PING"}, listener_);
    }
    for (const auto& each : {key, lease}) compare_life(each);
  }

  void compare(const RedisWords& words, Connection& connection) {
    const auto modelled = modelled_.execute(words), real = connection.say(words);
    if (modelled == real) return;
    for (const auto& word : words) difference_ += word + " ";
    difference_ += "is answered with " + in_words(modelled) + " instead of " + in_words(real);
  }

  void hear() {
    const auto real = listener_.hear();
    std::vector<std::string> words;
    for (const auto& element : real.list) words.push_back(element.text);
    const bool is_so = real.type == REDIS_REPLY_ARRAY && words == std::exchange(published_, {});
    if (!is_so) difference_ = "a drop is told differently";
  }

  // There until when.
  void compare_life(const std::string& key) {
    const auto* value = modelled_.find(key);
    const auto modelled = value ? (value->expires_at - world_.now) / millisecond : -2;
    const auto real = real_.say({"PTTL", key}).number;
    const auto hours = [](std::int64_t life_ms) { return life_ms < 0 ? life_ms : (life_ms + hour_ms - 1) / hour_ms; };
    if (hours(modelled) == hours(real)) return;
    difference_ = key + " lives for " + std::to_string(modelled) + " ms instead of " + std::to_string(real);
  }

  // The real one has no clock but the machine's: each of its keys loses an hour.
  void pass_hour() {
    world_.now += hour_ms * millisecond;
    for (const auto& [key, value] : modelled_.all) {
      const auto life = real_.say({"PTTL", key}).number;
      if (life >= 0) real_.say({"PEXPIRE", key, std::to_string(life - hour_ms)});
    }
  }

  std::string token() { return "token" + std::to_string(random_.between(1, 2)); }
  std::string life() { return std::to_string(random_.between(1, 3) * hour_ms); }
  std::string version() {
    return cache::version_text(random_.once_in(4) ? cache::every_version : random_.between(0, 5));
  }
  // An entry as the cache writes it, or what it would not.
  std::string value() {
    if (random_.once_in(8)) return random_.once_in(2) ? "" : "0000";
    return version() + version() + std::string("+bytes\r\n\0of any kind", 20);
  }

  World world_;
  Random& random_ = world_.random;
  std::vector<std::string> published_;  // by the model and not heard yet
  RedisValues modelled_{world_, [this](const auto& to, const auto& message) { published_ = {"message", to, message}; }};
  Connection real_, listener_;
  std::string difference_;
};

TEST(RedisConformance, WhatTheModelSaysIsWhatRedisSays) {
  const auto* given = std::getenv("CONFORMANCE_SEED");
  const std::uint64_t first = given ? std::stoull(given) : std::random_device()();
  const cache::PrivateRedis redis;
  for (std::uint64_t seed = first; seed < first + conversations; ++seed) {
    Conversation conversation(seed, redis.socket());
    ASSERT_EQ(conversation.run(), "") << "again with CONFORMANCE_SEED=" << seed;
  }
}

}  // namespace
}  // namespace holdfast::simulation
