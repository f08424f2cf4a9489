#pragma once

#include "notifications/domain/book.h"
#include "runtime/events/unit_of_work.h"

// Copies of the book: from events, or from its owner when an event has not come yet.
namespace holdfast::notifications {

Result<> keep_agency(events::UnitOfWork& work, const Agency& agency);
Result<> keep_staff(events::UnitOfWork& work, const Staff& staff);
Result<> keep_account(events::UnitOfWork& work, const Account& account);
Result<> keep_location(events::UnitOfWork& work, const Location& location);

// Ask the book's owner and keep the answer; false when the owner does not know it either. They block, in no
// transaction.
struct Learning {
  std::function<Result<bool>(const Call& call, const AccountId& account)> account;
  std::function<Result<bool>(const Call& call, const StaffId& staff)> staff;
};

}  // namespace holdfast::notifications
