#include "runtime/events/held_topics.h"

namespace holdfast::events {

// A refusal stands for the time since the one before it, where that is not long past: a Kafka that starts, is away and
// starts again may not know the topic twice, and in between has refused nothing. A fifth of the grace is more than two
// batches take that wait out their patience, and that is what lies between two attempts at worst.
bool HeldTopics::refuse(const std::string& topic, std::int64_t term, Time now) {
  auto& refused = held(topic, term, now);
  if (now - refused.again_at > grace_ / 5) refused.since = now;
  refused.again_at = now + pause_;
  return now - refused.since >= grace_;
}

void HeldTopics::hold(const std::string& topic, std::int64_t term, Time now) {
  held(topic, term, now).again_at = now + pause_;
}

HeldTopics::Held& HeldTopics::held(const std::string& topic, std::int64_t term, Time now) {
  if (term != term_) held_.clear();
  term_ = term;
  return held_.try_emplace(topic, Held{now, now}).first->second;
}

std::vector<std::string> HeldTopics::at(Time now) const {
  std::vector<std::string> topics;
  for (const auto& [topic, held] : held_) {
    if (now < held.again_at) topics.push_back(topic);
  }
  return topics;
}

}  // namespace holdfast::events
