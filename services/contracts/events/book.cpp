#include "contracts/events/book.h"

#include "contracts/app/contracts.h"
#include "runtime/events/follow.h"

namespace holdfast::contracts {

void follow_book(events::Consumer& consumer) {
  using events::follow;
  follow<"holdfast.accounts.v1.AccountCreated", "account">(consumer, "contracts.keep_account", keep_account);
  follow<"holdfast.accounts.v1.AccountChanged", "account">(consumer, "contracts.keep_changed_account", keep_account);
  follow<"holdfast.accounts.v1.LocationAdded", "location">(consumer, "contracts.keep_location", keep_location);
  follow<"holdfast.accounts.v1.LocationChanged", "location">(consumer, "contracts.keep_changed_location",
                                                             keep_location);
}

}  // namespace holdfast::contracts
