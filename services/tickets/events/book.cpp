#include "tickets/events/book.h"

#include "runtime/events/follow.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

void follow_book(events::Consumer& consumer) {
  using events::follow;
  follow<"holdfast.accounts.v1.AccountCreated", "account">(consumer, "tickets.keep_account", keep_account);
  follow<"holdfast.accounts.v1.AccountChanged", "account">(consumer, "tickets.keep_changed_account", keep_account);
  follow<"holdfast.accounts.v1.LocationAdded", "location">(consumer, "tickets.keep_location", keep_location);
  follow<"holdfast.accounts.v1.LocationChanged", "location">(consumer, "tickets.keep_changed_location", keep_location);
  follow<"holdfast.accounts.v1.ContactAdded", "contact">(consumer, "tickets.keep_contact", keep_contact);
  follow<"holdfast.accounts.v1.ContactChanged", "contact">(consumer, "tickets.keep_changed_contact", keep_contact);
  follow<"holdfast.accounts.v1.StaffChanged", "staff">(consumer, "tickets.keep_staff", keep_staff);
}

}  // namespace holdfast::tickets
