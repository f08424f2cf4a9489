#include "runtime/events/held_topics.h"

namespace holdfast::events {

bool HeldTopics::refuse(const std::string& topic, std::int64_t term, Time now) {
  if (term != term_) held_.clear();
  term_ = term;
  auto& held = held_.try_emplace(topic, Held{now, now}).first->second;
  held.again_at = now + pause_;
  return now - held.since >= grace_;
}

std::vector<std::string> HeldTopics::at(Time now) const {
  std::vector<std::string> topics;
  for (const auto& [topic, held] : held_) {
    if (now < held.again_at) topics.push_back(topic);
  }
  return topics;
}

}  // namespace holdfast::events
