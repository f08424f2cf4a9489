#pragma once

#include <hiredis/hiredis.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "world.h"

namespace holdfast::simulation {

// A command, and what is answered to it: one of hiredis's types, and what that type has.
using RedisWords = std::vector<std::string>;
struct RedisAnswer {
  int type = REDIS_REPLY_NIL;
  std::string text;
  long long number = 0;
  std::vector<RedisAnswer> list;

  bool operator==(const RedisAnswer&) const = default;
};

// As redis_tier.cpp has them, letter for letter: what is written differently there is not what is done here.
extern const std::string lease_script, fill_script, drop_script;

// What is in a Redis, and what a command does to it: those of the cache's. Without connections, and never failing.
class RedisValues {
 public:
  using Published = std::function<void(const std::string& channel, const std::string& message)>;
  struct Value {
    std::string text;
    Nanoseconds expires_at = 0;
  };

  RedisValues(const World& world, Published published) : world_(world), published_(std::move(published)) {}

  // Ends the program if the command is not known. PING and SUBSCRIBE are of who listens and does nothing else.
  RedisAnswer execute(const RedisWords& words);
  // None where there is none or it has expired.
  const Value* find(const std::string& key) const;

  std::map<std::string, Value> all;  // what has expired too

 private:
  RedisAnswer evaluate(const RedisWords& words);
  void set(const std::string& key, const std::string& text, const std::string& life_ms);

  const World& world_;
  const Published published_;
};

}  // namespace holdfast::simulation
