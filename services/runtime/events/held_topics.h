#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace holdfast::events {

// The topics that Kafka does not know or forbids us: each is held back whole, tried again after `pause`, and given up
// when it was refused during `grace`. What was seen in one term of the lease is not held against a topic in another: in
// between, others may have got their events through. One thread.
class HeldTopics {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Without a grace for those that are only to be held.
  explicit HeldTopics(std::chrono::milliseconds pause, std::chrono::milliseconds grace = {})
      : pause_(pause), grace_(grace) {}

  // Kafka says nothing about the topic: it is held back and never given up.
  void hold(const std::string& topic, std::int64_t term, Time now);
  // Kafka has refused an event for its topic: whether the topic is given up.
  bool refuse(const std::string& topic, std::int64_t term, Time now);
  // Kafka has taken an event of the topic, or those that it refused are parked: the next refusal is a first one.
  void release(const std::string& topic) { held_.erase(topic); }
  bool empty() const { return held_.empty(); }
  bool holds(const std::string& topic) const { return held_.contains(topic); }
  // Those that are not to be tried now.
  std::vector<std::string> at(Time now) const;

 private:
  struct Held {
    Time since;
    Time again_at;
  };

  Held& held(const std::string& topic, std::int64_t term, Time now);

  const std::chrono::milliseconds pause_;
  const std::chrono::milliseconds grace_;
  std::int64_t term_ = 0;
  std::map<std::string, Held> held_;
};

}  // namespace holdfast::events
