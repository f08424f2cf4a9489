#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "redis_values.h"
#include "world.h"

namespace holdfast::simulation {

// What hiredis's functions, as defined in redis.cpp, talk to: one server that does one command after the other. What it
// publishes reaches who listens in order, behind what was answered before. One a world.
class Redis {
 public:
  struct Client;
  using Words = RedisWords;

  explicit Redis(World& world);

  // Every connection breaks; what comes up then is another run, empty or with what an old dump holds.
  void crash(Nanoseconds up);
  // The process died, or its network: what it had sent may still be done.
  void cut(Process process);
  // Nothing travels between the two until then, and neither notices.
  void silence(Process process, Nanoseconds until);

  using Publishing = std::function<void(Process by, const std::string& message)>;
  void when_published(Publishing happens) { published_ = std::move(happens); }

  static Redis& current();

  // For hiredis's functions.
  Client* connect();
  void send(Client& client);
  void close(Client& client);

 private:
  Nanoseconds arrival(Process process, Nanoseconds behind);
  // A connection's commands, on their way to a run of the server.
  struct Sent {
    int run, number;
    Process by;
    std::vector<Words> commands;
  };
  void arrive(const Sent& sent);
  void answer(int number, RedisAnswer said);
  void deliver(int number, const RedisAnswer& said);
  RedisAnswer execute(const Sent& sent, const Words& words);
  bool fails();
  void publish(const std::string& channel, const std::string& message);

  World& world_;
  Publishing published_;
  int run_ = 1;
  Nanoseconds up_at_ = 0;
  Process publishes_ = 0;  // whose command it is that does
  RedisValues values_;
  std::map<std::string, RedisValues::Value> dump_;
  std::map<int, Client*> clients_;
  std::map<Process, Nanoseconds> silent_until_;
};

}  // namespace holdfast::simulation
