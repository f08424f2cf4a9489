#pragma once

#include "accounts/app/card_cache.h"
#include "runtime/events/consumer.h"

namespace holdfast::accounts {

// Drops from the cache once more what this service's own events have changed. `cache` outlives the consumer.
void follow_own_book(events::Consumer& consumer, CardCache& cache);

}  // namespace holdfast::accounts
