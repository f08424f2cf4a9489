#pragma once

#include "accounts/app/lookup.h"
#include "runtime/events/consumer.h"

namespace holdfast::accounts {

// Keeps this service's copies of contracts and tickets up to date. `cache` outlives the consumer.
void follow_contracts(events::Consumer& consumer, CardCache& cache);
void follow_tickets(events::Consumer& consumer, CardCache& cache);

}  // namespace holdfast::accounts
