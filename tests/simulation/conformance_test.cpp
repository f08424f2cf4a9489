// Whether the store's model says what PostgreSQL says: random statements of relay, lease, inbox and timers, put
// together to transactions as the runtime does, in two sessions at a time.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <random>

#include "both_databases.h"
#include "contracts/migrations.h"
#include "notifications/migrations.h"
#include "runtime/migrations.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::simulation {
namespace {

using namespace types;
using Step = std::function<void()>;

constexpr int sessions = 2, transactions = 60;
// Sent once, they come in any order.
const std::set<std::string> without_order{"timers.timers.earliest", "timers.timers.backlog",
                                          "events.inbox.receive_all"};
// What each database gives out by itself.
const std::set<std::string> own_values{"seq", "place"};
const std::set<std::string> told_by_clocks{"oldest_age_seconds"};

const std::array components{sql::Migrations{"runtime", runtime::migrations},
                            sql::Migrations{"contracts", contracts::migrations}};
// Whose copies of others' tables have their names.
const std::array of_notifications{sql::Migrations{"runtime", runtime::migrations},
                                  sql::Migrations{"notifications", notifications::migrations}};

// What both databases said, without what is each one's own; and the first difference.
std::string difference(const std::string& name, const BothSaid& said) {
  const auto compared = [&](Said one) {
    for (auto& row : one.rows) {
      for (size_t column = 0; column < row.size(); ++column) {
        const auto& title = said.statement->columns[column].first;
        if (own_values.contains(title) || told_by_clocks.contains(title)) row[column] = "";
      }
    }
    if (without_order.contains(name)) std::ranges::sort(one.rows);
    return one;
  };
  const auto modelled = compared(said.modelled), real = compared(said.real);
  if (modelled.state != real.state) return "fails with '" + modelled.state + "' instead of '" + real.state + "'";
  if (modelled.affected != real.affected) return "does it to " + modelled.affected + " instead of " + real.affected;
  return modelled.rows == real.rows ? "" : "answers with other rows";
}

class Conversation {
 public:
  Conversation(std::uint64_t seed, const std::string& url) : random_(seed), both_(seed, url, sessions) {
    for (int number = 0; number < 2; ++number) agencies_.emplace_back(new_id());
    for (int number = 0; number < 4; ++number) subjects_.emplace_back(new_id());
    for (int number = 0; number < 3; ++number) known_events_.emplace_back(new_id());
  }

  // The first difference; empty: there is none.
  std::string run() {
    for (int begun = 0; difference_.empty();) {
      auto& steps = steps_[static_cast<size_t>(session_ = static_cast<int>(random_.between(0, sessions - 1)))];
      if (steps.empty()) {
        if (++begun > transactions) break;
        plan(steps);
      }
      const auto step = std::move(steps.front());
      steps.pop_front();
      step();
    }
    return difference_;
  }

  int statements_said() const { return said_; }

 private:
  const Value& any(const std::vector<Value>& of) {
    return of[static_cast<size_t>(random_.between(0, std::ssize(of) - 1))];
  }
  std::string new_id() {
    return bytes_of(static_cast<std::int64_t>(random_.next())) + bytes_of(static_cast<std::int64_t>(random_.next()));
  }
  Value instant() { return bytes_of(random_.between(1, 1'000'000'000'000)); }
  std::vector<Value> some(const std::vector<Value>& of) {
    std::vector<Value> chosen;
    std::ranges::copy_if(of, std::back_inserter(chosen), [this](const auto&) { return random_.once_in(2); });
    return chosen;
  }

  // A difference ends all; a failure the transaction.
  BothSaid say(const std::string& name, std::vector<Value> parameters) {
    auto said = both_.say(session_, name, parameters);
    ++said_;
    if (const auto what = difference(name, said); !what.empty()) difference_ = name + " " + what;
    if (said.real.state.empty()) return said;
    steps_[static_cast<size_t>(session_)] = {[this] { both_.roll_back(session_); }};
    said.real.rows.clear();
    return said;
  }

  void plan(std::deque<Step>& steps) {
    steps.push_back([this] { both_.begin(session_); });
    switch (random_.between(1, 7)) {
      case 1:
        plan_command(steps);
        break;
      case 2:
        plan_relay(steps);
        break;
      case 3:
        plan_lease(steps);
        break;
      case 4:
        plan_reaction(steps);
        break;
      case 5:
        plan_sweep(steps);
        break;
      case 6:
        plan_put_back(steps);
        break;
      default:
        plan_looks(steps);
    }
    const bool commits = !random_.once_in(5);
    steps.push_back([this, commits] { commits ? both_.commit(session_) : both_.roll_back(session_); });
  }

  void plan_command(std::deque<Step>& steps) {
    for (auto count = random_.between(0, 2); count > 0; --count) {
      switch (random_.between(1, 3)) {
        case 1:
          steps.push_back([this] { arm(); });
          break;
        case 2:
          steps.push_back([this] {
            say("events.due_times.arm_if_none", {any(kinds_), any(agencies_), any(subjects_), instant()});
          });
          break;
        default:
          steps.push_back([this] { say("events.due_times.disarm", {any(kinds_), any(agencies_), any(subjects_)}); });
      }
    }
    plan_append(steps);
  }

  // Keys in their order, each once: so the runtime sorts them.
  void arm() {
    auto subjects = some(subjects_);
    std::ranges::sort(subjects, {}, &Value::real);
    std::vector<Value> kinds(subjects.size(), any(kinds_)), agencies(subjects.size(), any(agencies_)), instants;
    for (size_t count = 0; count < subjects.size(); ++count) instants.push_back(instant());
    say("events.due_times.arm",
        {array_of(text, kinds), array_of(uuid, agencies), array_of(uuid, subjects), array_of(timestamptz, instants)});
  }

  void plan_append(std::deque<Step>& steps) {
    if (random_.once_in(2)) {
      steps.push_back([this] {
        say("events.outbox.append_one", {new_id(), any(agencies_), any(topics_), any(keys_), std::string("happened"),
                                         instant(), payload(), std::string("trace")});
      });
    } else {
      steps.push_back([this] { append_some(); });
    }
  }

  Value payload() { return std::string(static_cast<size_t>(random_.between(0, 40)), 'x'); }

  // Two to five events of one agency, of some streams.
  void append_some() {
    struct Stream {
      std::string topic, key;
      auto operator<=>(const Stream&) const = default;
    };
    const auto& agency = any(agencies_);
    std::vector<Stream> of_events;
    for (auto count = random_.between(2, 5); count > 0; --count)
      of_events.push_back({any(topics_).real, any(keys_).real});
    auto streams = of_events;
    std::ranges::sort(streams);
    streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
    std::vector<Value> ids, agencies, names, keys, happened, instants, payloads, traces, places, followers;
    for (size_t event = 0; event < of_events.size(); ++event) {
      const auto& stream = of_events[event];
      ids.emplace_back(new_id());
      agencies.push_back(agency);
      names.emplace_back(stream.topic);
      keys.emplace_back(stream.key);
      happened.emplace_back("happened");
      instants.push_back(instant());
      payloads.push_back(payload());
      traces.emplace_back("trace");
      places.emplace_back(bytes_of(std::ranges::find(streams, stream) - streams.begin() + 1, 4));
      followers.emplace_back(
          bytes_of(std::count(of_events.begin() + static_cast<std::ptrdiff_t>(event) + 1, of_events.end(), stream)));
    }
    std::vector<Value> stream_agencies(streams.size(), agency), stream_names, stream_keys, counts;
    for (const auto& stream : streams) {
      stream_names.emplace_back(stream.topic);
      stream_keys.emplace_back(stream.key);
      counts.emplace_back(bytes_of(std::ranges::count(of_events, stream)));
    }
    say("events.outbox.append",
        {array_of(uuid, ids), array_of(uuid, agencies), array_of(text, names), array_of(text, keys),
         array_of(text, happened), array_of(timestamptz, instants), array_of(bytea, payloads), array_of(text, traces),
         array_of(uuid, stream_agencies), array_of(text, stream_names), array_of(text, stream_keys),
         array_of(int8, counts), array_of(int4, places), array_of(int8, followers)});
  }

  // What was acknowledged is removed, and what is to be sent next is read.
  void plan_relay(std::deque<Step>& steps) {
    steps.push_back([this] {
      const auto ranges = array_of(int8, some(places_));
      say("events.outbox.remove", {ranges, ranges});
    });
    steps.push_back([this] {
      const auto held_back = random_.once_in(3) ? some(topics_) : std::vector<Value>();
      const auto behind = random_.once_in(3) && !places_.empty() ? any(places_) : Value(bytes_of(0));
      const auto on_the_way = array_of(int8, random_.once_in(2) ? some(places_) : std::vector<Value>());
      const auto said =
          say("events.outbox.oldest", {bytes_of(random_.between(1, 20)), bytes_of(random_.between(1, 400)),
                                       array_of(text, held_back), behind, on_the_way, on_the_way});
      if (difference_.empty() && !said.real.rows.empty()) places_ = pairs(said, 0);
    });
  }

  // A column's values, as each database has them.
  static std::vector<Value> pairs(const BothSaid& said, size_t column) {
    std::vector<Value> both;
    for (size_t row = 0; row < said.real.rows.size(); ++row) {
      both.emplace_back(*said.modelled.rows[row][column], *said.real.rows[row][column]);
    }
    return both;
  }

  void plan_lease(std::deque<Step>& steps) {
    steps.push_back([this] {
      const Value name = std::string("relay");
      const auto& owner = any(agencies_);
      if (random_.once_in(3)) {
        say("events.lease.release", {name, owner});
      } else {
        say("events.lease.take", {name, owner, bytes_of(3'600'000)});
      }
    });
  }

  void plan_reaction(std::deque<Step>& steps) {
    steps.push_back([this] {
      if (random_.once_in(2)) {
        say("events.inbox.receive", {any(handlers_), any(known_events_)});
        return;
      }
      const auto events = some(known_events_);
      const std::vector<Value> handlers(events.size(), any(handlers_));
      say("events.inbox.receive_all", {array_of(text, handlers), array_of(uuid, events)});
    });
    if (random_.once_in(2)) {
      plan_append(steps);
    } else {
      steps.push_back([this] {
        say("events.inbox.bury",
            {any(handlers_), any(known_events_), any(agencies_), any(topics_), any(keys_), std::string("happened"),
             bytes_of(1), instant(), payload(), std::string("POISON"), std::string("why"), std::string("trace")});
      });
    }
  }

  // Of what is claimed some is due again, the rest is done; what is written follows.
  void plan_sweep(std::deque<Step>& steps) {
    steps.push_back([this] {
      const auto claimed =
          say("timers.timers.claim", {any(kinds_), bytes_of(0), instant(), bytes_of(random_.between(1, 4))});
      if (!difference_.empty() || claimed.real.rows.empty()) return;
      const auto places = pairs(claimed, 4);
      const auto half = static_cast<std::ptrdiff_t>(random_.between(0, std::ssize(places)));
      const std::vector<Value> again(places.begin(), places.begin() + half), done(places.begin() + half, places.end());
      std::vector<Value> instants;
      for (size_t count = 0; count < again.size(); ++count) instants.push_back(instant());
      say("timers.timers.arm_claimed", {array_of(tid, again), array_of(timestamptz, instants)});
      say("timers.timers.disarm_claimed", {array_of(tid, done)});
    });
    plan_append(steps);
  }

  // The one that is due first, as a process knows it that has claimed it.
  void plan_put_back(std::deque<Step>& steps) {
    steps.push_back([this] {
      const auto& kind = any(kinds_);
      const auto claimed = say("timers.timers.claim", {kind, bytes_of(0), instant(), bytes_of(1)});
      if (!difference_.empty() || claimed.real.rows.empty()) return;
      const auto& row = claimed.real.rows.front();
      say("timers.timers.put_back",
          {kind, *row[0], *row[1], random_.once_in(3) ? instant() : Value(*row[2]), instant()});
    });
  }

  void plan_looks(std::deque<Step>& steps) {
    steps.push_back([this] {
      const std::vector<Value> beginnings(kinds_.size(), instant());
      say("timers.timers.earliest", {array_of(text, kinds_), array_of(timestamptz, beginnings)});
      say("timers.timers.backlog", {array_of(text, kinds_), instant(), bytes_of(random_.between(1, 5))});
      say("events.outbox.backlog", {bytes_of(random_.between(1, 10))});
    });
  }

  Random random_;
  BothDatabases both_;
  int session_ = 0, said_ = 0;
  std::deque<Step> steps_[sessions];
  std::string difference_;
  std::vector<Value> agencies_, subjects_, known_events_;
  std::vector<Value> places_;  // of the outbox, as last looked at
  const std::vector<Value> topics_{std::string("accounts"), std::string("tickets")};
  const std::vector<Value> keys_{std::string("first"), std::string("second")};
  const std::vector<Value> kinds_{std::string("first"), std::string("second")};
  const std::vector<Value> handlers_{std::string("first"), std::string("second")};
};

TEST(Conformance, AStatementHasTheTypesThatPostgresGivesIt) {
  int compared = 0;
  for (const bool notifications : {false, true}) {
    const testing::TempDatabase database{notifications ? of_notifications : components};
    PGconn* const connection = PQconnectdb(database.url().c_str());
    for (const auto& [name, statement] : statements()) {
      if (text_of(name) == nullptr || name.starts_with("notifications.") != notifications) continue;
      EXPECT_EQ(types_complaint(*connection, name, statement), "") << name;
      ++compared;
    }
    PQfinish(connection);
  }
  EXPECT_GT(compared, 45);
}

TEST(Conformance, WhatTheModelSaysIsWhatPostgresSays) {
  const auto* given = std::getenv("CONFORMANCE_SEED");
  const std::uint64_t first = given ? std::stoull(given) : std::random_device()();
  int said = 0;
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    const testing::TempDatabase database{components};
    Conversation conversation(seed, database.url());
    ASSERT_EQ(conversation.run(), "") << "again with CONFORMANCE_SEED=" << seed;
    said += conversation.statements_said();
  }
  EXPECT_GT(said, 2000);
}

}  // namespace
}  // namespace holdfast::simulation
