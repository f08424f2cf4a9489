#pragma once

#include <string>

#include "notifications/app/book.h"
#include "notifications/app/messages.h"
#include "runtime/events/consumer.h"

namespace holdfast::notifications {

// Somebody is told of a fact; what is not known of its account yet is learned from the book's owner. `tell` is a verb,
// `account_of` picks the account out of the fact.
template <HasFields Fact, class AccountOf>
void tell_on(events::Consumer& consumer, std::string name, const Desk& desk, const LearnAccount& learn,
             Result<> (*tell)(events::UnitOfWork&, const Desk&, const Fact&, const Cause&), AccountOf account_of) {
  consumer.on<Fact>(
      std::move(name),
      [&desk, tell](events::UnitOfWork& work, const Fact& fact, const events::Event& event) {
        return tell(work, desk, fact, {event.id, event.occurred_at});
      },
      [learn, account_of](const Call& call, const Fact& fact, const Error& error) -> Result<bool> {
        if (error.code() != Code::not_found) return false;
        return learn(call, account_of(fact));
      });
}

}  // namespace holdfast::notifications
