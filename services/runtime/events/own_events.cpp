#include "runtime/events/own_events.h"

#include <algorithm>

#include "runtime/events/own_events.sql.h"
#include "runtime/log/log.h"

namespace holdfast::events {

// One that came before what it follows.
struct EarlyEvent {
  Uuid subject;
  std::int64_t version = 0;
  std::string type;
  Instant occurred_at;
  sql::Bytes payload;
};

}  // namespace holdfast::events

template <>
struct holdfast::Fields<holdfast::events::EarlyEvent> {
  using T = events::EarlyEvent;
  static constexpr auto list =
      FieldList{Field{"subject_id", &T::subject}, Field{"version", &T::version}, Field{"type", &T::type},
                Field{"occurred_at", &T::occurred_at}, Field{"payload", &T::payload}};
};

namespace holdfast::events {
namespace {

constexpr std::int64_t settled_together = 200;

Call as_agency(Call call, AgencyId agency) {
  call.who.agency = agency;
  return call;
}

}  // namespace

void OwnEvents::on(std::string handler, std::string type, TakeBack take_back) {
  list_.push_back({std::move(handler), std::move(type), std::move(take_back)});
}

void OwnEvents::follow(Consumer& consumer) const {
  for (const auto& reaction : list_) {
    consumer.on(reaction.handler, reaction.type,
                [take_back = reaction.take_back](UnitOfWork& work, const Event& event) -> Result<> {
                  const auto place = TRY(take_back(work, event, Missing::comes));
                  if (place.taken) return {};
                  const EarlyEvent early{place.subject, place.version, event.type, event.occurred_at, {event.payload}};
                  work.transaction.defer(statements::keep_early, work.agency(), early);
                  return {};
                });
  }
}

Result<> OwnEvents::settle(Transactor& transactor, const Call& call) const {
  const auto agencies_waiting = [&] {
    return transactor.database().read(
        call, [](sql::Transaction& transaction) { return transaction.many<AgencyId>(statements::early_agencies); });
  };
  const auto agencies = TRY(agencies_waiting());
  for (const auto agency : agencies) {
    for (const auto missing : {Missing::comes, Missing::is_lost}) {
      int taken = 0;
      do {
        taken = TRY(settle_once(transactor, as_agency(call, agency), missing));
      } while (taken > 0);
    }
  }
  const auto waiting = TRY(agencies_waiting());
  for (const auto agency : waiting) {
    log::warn("own events have no place in the restored database", {{"agency", to_string(agency)}});
  }
  return {};
}

// All of the call's agency.
Result<int> OwnEvents::settle_once(Transactor& transactor, const Call& call, Missing missing) const {
  int taken = 0;
  EarlyEvent last;
  for (;;) {
    const auto events = TRY(transactor.database().read(call, [&](sql::Transaction& transaction) {
      return transaction.many<EarlyEvent>(statements::early_events, transaction.agency(), last.subject, last.version,
                                          settled_together);
    }));
    if (events.empty()) return taken;
    last = events.back();
    taken += TRY(settle(transactor, call, events, missing));
  }
}

// Together; where that fails each for itself, so that one keeps none of the others.
Result<int> OwnEvents::settle(Transactor& transactor, const Call& call, std::span<const EarlyEvent> events,
                              Missing missing) const {
  auto together = transactor.run(call, [&](UnitOfWork& work) -> Result<int> {
    int taken = 0;
    for (const auto& early : events) taken += TRY(settle(work, early, missing));
    return taken;
  });
  if (together || together.error().retry() != Retry::never) return together;
  if (events.size() == 1) {
    log::error("an own event is poison", {{"type", events[0].type}, {"error", describe(together.error())}});
    return 0;
  }
  int taken = 0;
  for (const auto& early : events) taken += TRY(settle(transactor, call, {&early, 1}, missing));
  return taken;
}

Result<int> OwnEvents::settle(UnitOfWork& work, const EarlyEvent& early, Missing missing) const {
  const auto reaction = std::ranges::find(list_, early.type, &Reaction::type);
  if (reaction == list_.end()) return fail(Reason::newer_than_program, "nothing takes back a " + early.type);
  Event event;
  event.agency = work.agency();
  event.type = early.type;
  event.occurred_at = early.occurred_at;
  event.payload = early.payload.data;
  const auto place = TRY(reaction->take_back(work, event, missing));
  if (!place.taken) return 0;
  work.transaction.defer(statements::forget_early, work.agency(), early.subject, early.version);
  return 1;
}

}  // namespace holdfast::events
