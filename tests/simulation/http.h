#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "world.h"

namespace holdfast::simulation {

// What a target does with a request that has come to it.
struct Reaction {
  enum class Kind { answers, refuses, hangs, answers_nobody };  // the last does it, and its answer is lost

  Kind kind = Kind::answers;
  int status = 200;
  Nanoseconds after = 0;
  std::int64_t retry_after_seconds = 0;

  bool is_success() const { return kind != Kind::refuses && kind != Kind::hangs && status >= 200 && status <= 299; }
};

// A request that came to its target.
struct Exchange {
  std::string url, webhook_id;
  Nanoseconds when = 0;
  Reaction reaction;
  Nanoseconds until = never;            // when the sender was through with it; never if he died
  std::optional<Nanoseconds> heard_at;  // when the sender had the answer
};

// What curl's functions, as defined in http.cpp, talk to. One a world.
class Http {
 public:
  using Target = std::function<Reaction(const Exchange&)>;

  explicit Http(World& world);

  // Who reacts to all that comes.
  void listen(Target target) { target_ = std::move(target); }

  static Http& current();

  // Blocks until the answer is there, or the sender's time is over.
  const Exchange& exchange(const std::string& url, const std::string& webhook_id, Nanoseconds timeout);

  std::vector<Exchange> exchanges;
  World& world;

 private:
  Target target_;
};

}  // namespace holdfast::simulation
