#include "notifications/events/reactions.h"
#include "runtime/events/follow.h"

namespace holdfast::notifications {

void follow_book(events::Consumer& consumer) {
  using events::follow;
  follow<"holdfast.accounts.v1.AccountCreated", "account">(consumer, "notifications.keep_account", keep_account);
  follow<"holdfast.accounts.v1.AccountChanged", "account">(consumer, "notifications.keep_changed_account",
                                                           keep_account);
  follow<"holdfast.accounts.v1.LocationAdded", "location">(consumer, "notifications.keep_location", keep_location);
  follow<"holdfast.accounts.v1.LocationChanged", "location">(consumer, "notifications.keep_changed_location",
                                                             keep_location);
  follow<"holdfast.accounts.v1.StaffChanged", "staff">(consumer, "notifications.keep_staff", keep_staff);
}

}  // namespace holdfast::notifications
