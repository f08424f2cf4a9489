#include "notifications/events/reactions.h"

namespace holdfast::notifications {

// The events of accounts, as far as this service wants to know them.
struct AccountCreated {
  Account account;
};
struct AccountChanged {
  Account account;
};
struct LocationAdded {
  Location location;
};
struct LocationChanged {
  Location location;
};
struct StaffChanged {
  Staff staff;
};

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::AccountCreated> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountCreated";
  static constexpr auto list = FieldList{Field{"account", &notifications::AccountCreated::account}};
};

template <>
struct Fields<notifications::AccountChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountChanged";
  static constexpr auto list = FieldList{Field{"account", &notifications::AccountChanged::account}};
};

template <>
struct Fields<notifications::LocationAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationAdded";
  static constexpr auto list = FieldList{Field{"location", &notifications::LocationAdded::location}};
};

template <>
struct Fields<notifications::LocationChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationChanged";
  static constexpr auto list = FieldList{Field{"location", &notifications::LocationChanged::location}};
};

template <>
struct Fields<notifications::StaffChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.StaffChanged";
  static constexpr auto list = FieldList{Field{"staff", &notifications::StaffChanged::staff}};
};

}  // namespace holdfast

namespace holdfast::notifications {

using events::UnitOfWork;

void follow_book(events::Consumer& consumer) {
  consumer.on<AccountCreated>("notifications.keep_account", [](UnitOfWork& work, const AccountCreated& event) {
    return keep_account(work, event.account);
  });
  consumer.on<AccountChanged>("notifications.keep_changed_account", [](UnitOfWork& work, const AccountChanged& event) {
    return keep_account(work, event.account);
  });
  consumer.on<LocationAdded>("notifications.keep_location", [](UnitOfWork& work, const LocationAdded& event) {
    return keep_location(work, event.location);
  });
  consumer.on<LocationChanged>(
      "notifications.keep_changed_location",
      [](UnitOfWork& work, const LocationChanged& event) { return keep_location(work, event.location); });
  consumer.on<StaffChanged>("notifications.keep_staff",
                            [](UnitOfWork& work, const StaffChanged& event) { return keep_staff(work, event.staff); });
}

}  // namespace holdfast::notifications
