#pragma once

#include "runtime/events/consumer.h"

namespace holdfast::contracts {

// Keeps this service's copies of the book up to date.
void follow_book(events::Consumer& consumer);

}  // namespace holdfast::contracts
