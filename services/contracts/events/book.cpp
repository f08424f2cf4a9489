#include "contracts/events/book.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {

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

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::AccountCreated> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountCreated";
  static constexpr auto list = FieldList{Field{"account", &contracts::AccountCreated::account}};
};

template <>
struct Fields<contracts::AccountChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountChanged";
  static constexpr auto list = FieldList{Field{"account", &contracts::AccountChanged::account}};
};

template <>
struct Fields<contracts::LocationAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationAdded";
  static constexpr auto list = FieldList{Field{"location", &contracts::LocationAdded::location}};
};

template <>
struct Fields<contracts::LocationChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationChanged";
  static constexpr auto list = FieldList{Field{"location", &contracts::LocationChanged::location}};
};

}  // namespace holdfast

namespace holdfast::contracts {

using events::UnitOfWork;

void follow_book(events::Consumer& consumer) {
  consumer.on<AccountCreated>("contracts.keep_account", [](UnitOfWork& work, const AccountCreated& event) {
    return keep_account(work, event.account);
  });
  consumer.on<AccountChanged>("contracts.keep_changed_account", [](UnitOfWork& work, const AccountChanged& event) {
    return keep_account(work, event.account);
  });
  consumer.on<LocationAdded>("contracts.keep_location", [](UnitOfWork& work, const LocationAdded& event) {
    return keep_location(work, event.location);
  });
  consumer.on<LocationChanged>("contracts.keep_changed_location", [](UnitOfWork& work, const LocationChanged& event) {
    return keep_location(work, event.location);
  });
}

}  // namespace holdfast::contracts
