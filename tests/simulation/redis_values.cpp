#include "redis_values.h"

#include <cstdio>
#include <cstdlib>

namespace holdfast::simulation {
namespace {

[[noreturn]] void unknown(const std::string& command) {
  std::fprintf(stderr, "simulation: Redis does not know %s\n", command.c_str());
  std::abort();
}

RedisAnswer text(const std::string& text) { return {.type = REDIS_REPLY_STRING, .text = text}; }
RedisAnswer number(long long number) { return {.type = REDIS_REPLY_INTEGER, .number = number}; }
RedisAnswer list(std::vector<RedisAnswer> elements) { return {.type = REDIS_REPLY_ARRAY, .list = std::move(elements)}; }

}  // namespace

const std::string lease_script = R"(
local held = redis.call('GET', KEYS[1])
if held then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1])";
const std::string fill_script = R"(
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1)";
const std::string drop_script = R"(
if redis.call('GETRANGE', KEYS[1], 0, 19) < ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1)";

RedisAnswer RedisValues::execute(const RedisWords& words) {
  const auto& command = words[0];
  if (command == "GET") {
    const auto* value = find(words[1]);
    return value ? text(value->text) : RedisAnswer{};
  }
  if (command == "EVAL") return evaluate(words);
  if (command == "PING") return list({text("pong"), text("")});
  if (command == "SUBSCRIBE") return list({text("subscribe"), text(words[1]), number(1)});
  unknown(command);
}

// EVAL, the script, the number of keys, the keys, the arguments.
RedisAnswer RedisValues::evaluate(const RedisWords& words) {
  if (words[1] == lease_script) {
    if (const auto* held = find(words[3])) return text(held->text);
    set(words[3], words[4], words[5]);
    return text(words[4]);
  }
  const auto &value = words[3], &lease = words[4];
  if (words[1] == fill_script) {
    const auto* held = find(lease);
    if (!held || held->text != words[5]) return number(0);
    all.erase(lease);
    set(value, words[6], words[7]);
    return number(1);
  }
  if (words[1] != drop_script) unknown(words[1]);
  const auto* there = find(value);
  if (there && there->text.substr(0, 20) < words[5]) all.erase(value);
  all.erase(lease);
  published_(words[6], words[7]);
  return number(1);
}

const RedisValues::Value* RedisValues::find(const std::string& key) const {
  const auto found = all.find(key);
  return found == all.end() || found->second.expires_at <= world_.now ? nullptr : &found->second;
}

void RedisValues::set(const std::string& key, const std::string& text, const std::string& life_ms) {
  all[key] = {text, world_.now + std::stoll(life_ms) * millisecond};
}

}  // namespace holdfast::simulation
