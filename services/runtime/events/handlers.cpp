#include "runtime/events/handlers.h"

#include <algorithm>
#include <set>

#include "runtime/core/mutant.h"
#include "runtime/events/inbox.sql.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/events/rows.h"
#include "runtime/log/log.h"
#include "runtime/log/traced.h"
#include "runtime/sql/give_way.h"

namespace holdfast::events {
namespace {

constexpr auto parked = "relay";  // the handler of what Kafka refused
constexpr std::int64_t redriven_at_once = 10'000;
constexpr std::ptrdiff_t unparked_together = 1'000;

// The call under which a reaction works: the event's agency, request and trace.
Call call_of(const Event& event, const std::string& group, Deadline deadline) {
  auto call = service_call(event.agency, group, {});
  call.deadline = deadline;
  if (!event.request_id.empty()) call.request_id = event.request_id;
  call.traceparent = event.traceparent;
  return call;
}

Event dead_letter_copy(const Event& event) {
  Event copy = event;
  copy.id = new_uuid();
  copy.topic += ".dlq";
  return copy;
}

Event event_of(const DeadLetter& letter, Uuid id) {
  const auto separator = std::min(letter.headers.find('\n'), letter.headers.size());
  return {.id = id,
          .agency = letter.agency,
          .topic = letter.topic,
          .key = letter.key,
          .type = letter.type,
          .sequence = letter.sequence,
          .occurred_at = letter.occurred_at,
          .payload = letter.payload.data,
          .request_id = letter.headers.substr(std::min(separator + 1, letter.headers.size())),
          .traceparent = letter.headers.substr(0, separator)};
}

void begin_handling(sql::Transaction& transaction, std::chrono::milliseconds lock_patience) {
  transaction.defer(statements::begin_handling, std::to_string(lock_patience.count()) + "ms");
}

// The first time that this handler sees this event.
Result<bool> receive_first(sql::Transaction& transaction, const std::string& handler, Uuid event_id) {
  return TRY(transaction.exec(statements::receive, handler, event_id)) == 1;
}

// A dead letter is in the inbox already, unless that has forgotten it.
Result<bool> exhume(sql::Transaction& transaction, const std::string& handler, Uuid event_id) {
  if (TRY(transaction.exec(statements::exhume, handler, event_id)) == 0) {
    return fail(Reason::dead_letter_not_found, handler + " has no dead letter " + to_string(event_id));
  }
  TRY(transaction.exec(statements::receive, handler, event_id));
  return true;
}

// What failed may be quoted, and the quotation cut within a character: PostgreSQL would not keep that.
std::string in_ascii(std::string text) {
  std::ranges::replace_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0x80) != 0; }, '?');
  return text;
}

void note(Redriven& done, Result<> again) {
  if (again) {
    ++done.redriven;
  } else if (again.error().reason != Reason::dead_letter_not_found) {  // then somebody else has redriven it meanwhile
    ++done.refused;
    if (!done.first_refusal) done.first_refusal = std::move(again).error();
  }
}

void say_handled(const Call& call, const Registered& registered, const Event& event) {
  const auto write = log::is_traced(call) ? &log::info : &log::debug;
  write("event handled", {{"handler", registered.name}, {"event_id", to_string(event.id)}});
}

// One event's view of a transaction that many share: what is done through it is done for the event's agency, under the
// event's call.
struct Part {
  Part(UnitOfWork& whole, Call of_event)
      : call(std::move(of_event)),
        transaction(whole.transaction.connection(), call),
        unit(transaction, whole.now),
        whole(whole) {}

  // The commit is the whole's.
  void hand_over() {
    for (auto& event : unit.published) {
      event.request_id = call.request_id;
      event.traceparent = call.traceparent;
    }
    whole.take(unit);
  }

  const Call call;
  sql::Transaction transaction;
  UnitOfWork unit;
  UnitOfWork& whole;
};

}  // namespace

Handlers::Handlers(Transactor& transactor, std::string group, std::chrono::milliseconds timeout)
    : transactor_(transactor), group_(std::move(group)), timeout_(timeout) {}

Result<const Registered*> Handlers::find(const std::string& name) const {
  const auto registered = std::ranges::find(list_, name, &Registered::name);
  if (registered == list_.end()) {
    return fail(Reason::field_invalid, "handler", "there is no handler " + name);
  }
  return &*registered;
}

Result<> Handlers::give_all(std::span<const Event* const> events) {
  std::vector<Given> wanted;
  for (const auto* event : events) {
    for (const auto& registered : list_) {
      if (registered.wants(*event)) wanted.push_back({&registered, event});
    }
  }
  if (wanted.empty()) return {};
  const auto call = service_call({}, group_, timeout_);
  try {
    CHECK_OK(transactor_.run_for(call, {}, [&](UnitOfWork& whole) { return give_each(whole, wanted); }));
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("a handler threw: ") + thrown.what());
  }
  for (const auto& [to, event] : wanted) {
    const auto of_event = call_of(*event, group_, call.deadline);
    const log::Scope scope(of_event);
    say_handled(of_event, *to, *event);
  }
  return {};
}

Result<> Handlers::give_each(UnitOfWork& whole, const std::vector<Given>& wanted) {
  std::vector<std::string_view> names;
  std::vector<Uuid> ids;
  for (const auto& [to, event] : wanted) {
    names.push_back(to->name);
    ids.push_back(event->id);
  }
  begin_handling(whole.transaction, sql::lock_patience);
  const auto receive = [&](sql::Transaction& transaction) {
    return transaction.many<Received>(statements::receive_all, names, ids);
  };
  const bool apart = mutant("inbox.transaction_of_its_own");
  const auto received =
      TRY(apart ? transactor_.database().transact(whole.call(), receive) : receive(whole.transaction));
  std::set<std::pair<std::string_view, Uuid>> unseen;
  for (const auto& one : received) unseen.emplace(one.handler, one.event_id);

  std::optional<AgencyId> shown;
  for (const auto& [to, event] : wanted) {
    if (unseen.erase({to->name, event->id}) == 0) continue;
    if (shown != event->agency) whole.transaction.set_agencies({event->agency});
    shown = event->agency;
    Part part(whole, call_of(*event, group_, whole.call().deadline));
    const log::Scope scope(part.call);
    CHECK_OK(to->handler(part.unit, *event));
    part.hand_over();
  }
  return {};
}

Result<> Handlers::give(const Registered& registered, const Event& event) {
  return attempt(registered, event, &receive_first);
}

Result<> Handlers::attempt(const Registered& registered, const Event& event, Claim claim) {
  const auto call = call_of(event, group_, deadline());
  const log::Scope scope(call);
  try {
    auto outcome = attempt_once(registered, event, claim, call);
    if (!outcome && registered.learn) {
      const auto learned = registered.learn(call, event, outcome.error());
      if (!learned && learned.error().code() == Code::deadline) {
        return fail(Reason::dependency_unavailable, "no answer in time: " + learned.error().message);
      }
      if (!learned) return learned.error();
      const auto again = call_of(event, group_, deadline());
      if (*learned) outcome = attempt_once(registered, event, claim, again);
    }
    if (outcome) say_handled(call, registered, event);
    return outcome;
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("the handler threw: ") + thrown.what());
  }
}

Result<> Handlers::attempt_once(const Registered& registered, const Event& event, Claim claim, const Call& call) {
  bool begun = false;
  auto outcome = transactor_.run(call, [&](UnitOfWork& unit) -> Result<> {
    begun = true;
    // Somebody else's lock, which several tries (Database::transact) wait for, is told from an event that takes too
    // long.
    begin_handling(unit.transaction, timeout_ / 10);
    const bool ours = TRY(claim(unit.transaction, registered.name, event.id));
    return ours ? registered.handler(unit, event) : Result<>();
  });
  // The time went by before there was a session. That is no fault of an event of which no statement ran.
  if (!begun && !outcome && outcome.error().code() == Code::deadline) {
    return fail(Reason::database_unavailable, outcome.error().message);
  }
  return outcome;
}

Result<bool> Handlers::bury(const Registered& registered, const Event& event, const Error& error) {
  const auto call = call_of(event, group_, deadline());
  const log::Scope scope(call);
  const bool buried = TRY(transactor_.run(call, [&](UnitOfWork& unit) -> Result<bool> {
    // After a rebalance another process may have handled or buried it, while we still tried.
    if (!TRY(receive_first(unit.transaction, registered.name, event.id))) return false;
    TRY(unit.transaction.exec(statements::bury, registered.name, event.id, event.agency, event.topic, event.key,
                              event.type, event.sequence, event.occurred_at, sql::Bytes{event.payload},
                              info(error.reason).upper, in_ascii(error.message),
                              headers_of(event.traceparent, event.request_id)));
    unit.published.push_back(dead_letter_copy(event));
    return true;
  }));
  if (!buried) return false;
  log::error("an event is poison and was set aside", {{"handler", registered.name},
                                                      {"event_id", to_string(event.id)},
                                                      {"type", event.type},
                                                      {"error", describe(error)}});
  return true;
}

Result<> Handlers::redrive(const std::string& name, Uuid event_id, std::optional<AgencyId> agency) {
  const auto call = service_call({}, group_, timeout_);
  const auto letter = TRY(transactor_.database().read(call, [&](sql::Transaction& transaction) {
    return transaction.maybe<DeadLetter>(statements::dead_letter, name, event_id, agency);
  }));
  if (!letter) return fail(Reason::dead_letter_not_found, name + " has no dead letter " + to_string(event_id));
  if (name == parked) {
    TRY(unpark({event_id}));
    return {};
  }
  const auto* handler = TRY(find(name));
  return attempt(*handler, event_of(*letter, event_id), &exhume);
}

Result<std::int64_t> Handlers::unpark(const std::vector<Uuid>& event_ids) {
  return transactor_.database().transact(service_call({}, group_, timeout_), [&](sql::Transaction& transaction) {
    return transaction.exec(statements::unpark, event_ids);
  });
}

Result<Redriven> Handlers::redrive_all(const std::string& name, const std::string& topic,
                                       std::optional<AgencyId> agency, Deadline until) {
  if (name != parked) CHECK_OK(find(name));
  const auto read = [&](auto body) { return transactor_.database().read(service_call({}, group_, timeout_), body); };
  const auto ids = TRY(read([&](sql::Transaction& transaction) {
    return transaction.many<Uuid>(statements::dead_of_topic, name, topic, agency, redriven_at_once);
  }));
  if (ids.empty()) return fail(Reason::dead_letter_not_found, name + " has no dead letter of " + topic);
  Redriven done;
  const auto may_go_on = [&](auto at) { return at != ids.end() && std::chrono::steady_clock::now() < until; };
  if (name == parked) {
    for (auto at = ids.begin(); may_go_on(at);) {
      const auto end = at + std::min(ids.end() - at, unparked_together);
      done.redriven += TRY(unpark({at, end}));
      at = end;
    }
  } else {
    for (auto at = ids.begin(); may_go_on(at); ++at) note(done, redrive(name, *at, agency));
  }
  const auto still = TRY(read([&](sql::Transaction& transaction) {
    return transaction.one<std::int64_t>(statements::count_dead_of_topic, name, topic, agency);
  }));
  done.left = std::max<std::int64_t>(0, still - done.refused);
  return done;
}

}  // namespace holdfast::events
