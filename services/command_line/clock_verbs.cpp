#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <ostream>
#include <thread>

#include "command_line/answer.h"
#include "command_line/progress.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "holdfast/operations/v1/operations.pb.h"
#include "runtime/core/time.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::util::TimeUtil;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::string_view service = "holdfast.operations.v1.OperationsService/";
// Due instants this close together are one step. Every fact carries its own effective instant, whenever it is caught up
// on, so ledgers come out the same as with smaller steps; what may differ by an hour is when reactions to it happened.
// A year of a book across America's zones is so some 1,000 steps instead of 3,000.
constexpr std::chrono::hours merged{1};
constexpr milliseconds shortest_pause{1};
constexpr milliseconds longest_pause{20};
// Nothing moved for so long: then something is stuck, and time does not go on without it.
constexpr seconds patience{60};
// Firings that failed are tried again a second later, then two, and so on: what needs longer is not waited for.
constexpr seconds patience_with_failing{4};

Instant instant_of(const google::protobuf::Timestamp& timestamp) {
  return Instant{Duration{TimeUtil::TimestampToMicroseconds(timestamp)}};
}

google::protobuf::Timestamp timestamp_of(Instant instant) {
  return TimeUtil::MicrosecondsToTimestamp(instant.time_since_epoch().count());
}

// 400d, 36h, 90m, 10s.
Result<Duration> parse_amount(const std::string& text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, text.data() + text.size());
  const std::map<std::string_view, seconds> units{
      {"d", std::chrono::days(1)}, {"h", std::chrono::hours(1)}, {"m", std::chrono::minutes(1)}, {"s", seconds(1)}};
  const auto found = units.find(unit);
  constexpr std::int64_t most = 1'000'000;
  if (error != std::errc() || found == units.end() || count < 0 || count > most) {
    return fail(Reason::field_invalid, "amount", "'" + text + "' is no span of time such as 400d, 36h, 90m or 10s");
  }
  return Duration(found->second * count);
}

// What all processes said in one round of calls.
struct Round {
  bool settled = true;
  bool failing = false;
  std::int64_t activity = 0;
  std::optional<Instant> next_due;
  std::string unsettled;  // who, and what is left there
};

// All processes of an installation, whose clocks move together.
class Clocks {
 public:
  static Result<Clocks> open(const Installation& installation) {
    Clocks clocks;
    for (const auto& address : TRY(installation.addresses())) {
      clocks.processes_.push_back(TRY(installation.connect(address, Identity::operations)));
    }
    return clocks;
  }

  // The furthest of them: after a refusal half way they may differ.
  Result<operations::v1::Clock> read() const {
    operations::v1::Clock furthest;
    for (const auto& process : processes_) {
      auto clock = TRY(ask<operations::v1::Clock>(process, "GetClock", operations::v1::GetClockRequest()));
      if (instant_of(clock.business_now()) > instant_of(furthest.business_now())) furthest = std::move(clock);
    }
    return furthest;
  }

  Result<operations::v1::Clock> set(Instant to) const {
    operations::v1::SetClockRequest request;
    *request.mutable_business_now() = timestamp_of(to);
    operations::v1::Clock last;
    for (const auto& process : processes_) {
      last = TRY(ask<operations::v1::Clock>(process, "SetClock", request));
    }
    return last;
  }

  // Waits until everything that follows from what was due has happened; when something is due next. Two rounds in a row
  // must find all settled and nothing done in between: in one round alone, work could move from a process not yet asked
  // to one already asked.
  Result<std::optional<Instant>> wait_until_quiescent(bool& failing) const {
    auto moved_at = steady_clock::now();
    auto pause = shortest_pause;
    Round before{.settled = false};
    while (true) {
      const auto round = TRY(ask_all());
      const auto now = steady_clock::now();
      const bool still = round.activity == before.activity;
      if (!still) moved_at = now;
      const bool waits_for_failing = round.failing && now - moved_at < patience_with_failing;
      if (round.settled && before.settled && still && !waits_for_failing) {
        failing |= round.failing;
        return round.next_due;
      }
      if (now - moved_at > patience) return fail(Reason::not_quiescent, "the clock waits for " + round.unsettled);
      // The second round that finds all settled follows the first at once.
      if (!round.settled || waits_for_failing) std::this_thread::sleep_for(pause);
      pause = still ? std::min(pause * 2, longest_pause) : shortest_pause;
      before = round;
    }
  }

 private:
  template <class Answer>
  static Result<Answer> ask(const rpc::Client& process, std::string_view method,
                            const google::protobuf::Message& request) {
    return process.call<Answer>(std::string(service).append(method), new_call(), request);
  }

  Result<Round> ask_all() const {
    Round round;
    for (const auto& process : processes_) {
      const auto answer =
          TRY(ask<operations::v1::Quiescence>(process, "GetQuiescence", operations::v1::GetQuiescenceRequest()));
      for (const auto& one : answer.services()) {
        round.activity += one.activity();
        round.failing |= one.failing_timers() > 0;
        if (one.settled()) continue;
        round.settled = false;
        round.unsettled += fmt::format(
            "{}{}: {}, {} events to relay, {} to handle", round.unsettled.empty() ? "" : "; ", one.service(),
            one.timer_due() ? "a timer is due" : "no timer is due", one.outbox_events(), one.unhandled_events());
      }
      if (!answer.has_next_due()) continue;
      const auto due = instant_of(answer.next_due());
      round.next_due = round.next_due ? std::min(*round.next_due, due) : due;
    }
    return round;
  }

  std::vector<rpc::Client> processes_;
};

Result<> advance(Session& session, Duration amount) {
  const auto clocks = TRY(Clocks::open(session.installation()));
  auto reading = TRY(clocks.read());
  if (!reading.movable()) return fail(Reason::clock_not_movable, "the business clock of this installation stands fast");
  const auto start = instant_of(reading.business_now());
  const auto target = start + amount;
  bool failing = false;
  Progress progress(session.err(), session.shows_progress());
  auto now = start;
  auto next_due = TRY(clocks.wait_until_quiescent(failing));
  while (now < target) {
    now = next_due ? std::min(std::max(*next_due, now) + merged, target) : target;
    reading = TRY(clocks.set(now));
    next_due = TRY(clocks.wait_until_quiescent(failing));
    progress.show(std::chrono::duration<double>(now - start) / amount, format_instant(now));
  }
  if (failing) session.err() << "holdfast: some timers fail and are tried again by themselves; the logs name them\n";
  if (session.json()) {
    session.out() << json_of(reading) << '\n';
  } else {
    print_resource(session.out(), reading, session.colors());
  }
  return {};
}

}  // namespace

Verb advance_clock_verb() {
  return {.path = "clock advance",
          .summary = "Lets time pass: all that falls due in between happens, in order",
          .flags = {{.name = "amount",
                     .help = "such as 400d, 36h, 90m or 10s",
                     .value = "SPAN",
                     .by_place = true,
                     .required = true}},
          .run = [](Session& session, const Values& values) {
            const auto amount = parse_amount(values.at("amount").front());
            if (!amount) return session.misused(amount.error());
            const auto advanced = advance(session, *amount);
            return advanced ? Exit::done : session.refuse(advanced.error());
          }};
}

}  // namespace holdfast::command_line
