#pragma once

#include "accounts/app/card_cache.h"
#include "runtime/events/consumer.h"
#include "runtime/events/own_events.h"

namespace holdfast::accounts {

// Drops from the cache once more what this service's own events have changed. `cache` outlives the consumer.
void follow_own_book(events::Consumer& consumer, CardCache& cache);

// Takes back what this service published of the book, after its database was restored.
void take_back_own_book(events::OwnEvents& own);

}  // namespace holdfast::accounts
