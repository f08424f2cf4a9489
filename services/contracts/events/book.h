#pragma once

#include "runtime/events/consumer.h"

namespace holdfast::contracts {

// Keeps this service's copies of the book up to date.
void follow_book(events::Consumer& consumer);
// The same copies by the same names, and nothing about our contracts: while those are being taken back.
void copy_book(events::Consumer& consumer);
// Once they are: what is left to do about contracts of the call's agency that do not follow their accounts.
Result<> follow_accounts(events::Transactor& transactor, const Call& call);

}  // namespace holdfast::contracts
