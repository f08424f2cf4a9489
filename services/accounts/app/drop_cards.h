#pragma once

#include <functional>
#include <string>
#include <vector>

#include "accounts/app/lookup.h"

// Drops from the caches what the events of this service have changed: with the commit that publishes them, before the
// caller is answered, and once more when they come back from Kafka, for the process may die in between.
namespace holdfast::accounts {

// An event of this service, and what it touches.
struct OwnEvent {
  std::string handler;  // of the reaction
  std::string type;
  std::function<Result<>(Touched&, const events::Event&)> touch;
};

// All but those that follow another of the same change (account-state-changed, owner-changed, product-state-changed):
// they touch nothing more.
const std::vector<OwnEvent>& own_events();

// Dropped with the commit. Asks the database which cards show it.
Result<> drop_with_commit(events::UnitOfWork& work, const Touched& touched, CardCache& cache);
// What the work has published so far.
Result<> drop_published(events::UnitOfWork& work, CardCache& cache);

// The verb, followed by drop_published: rpc.command("AddContact", dropping(cache, add_contact)). Where somebody forgets
// it, callers may read what was until the event has come back.
template <class T, class Command>
std::function<Result<T>(events::UnitOfWork&, const Command&)> dropping(CardCache& cache,
                                                                       Result<T> (*verb)(events::UnitOfWork&,
                                                                                         const Command&)) {
  return [&cache, verb](events::UnitOfWork& work, const Command& command) -> Result<T> {
    auto done = verb(work, command);
    if (done) CHECK_OK(drop_published(work, cache));
    return done;
  };
}

}  // namespace holdfast::accounts
