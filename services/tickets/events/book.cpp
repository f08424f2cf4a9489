#include "tickets/events/book.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {

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
struct ContactAdded {
  Contact contact;
};
struct ContactChanged {
  Contact contact;
};

}  // namespace holdfast::tickets

namespace holdfast {

template <>
struct Fields<tickets::AccountCreated> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountCreated";
  static constexpr auto list = FieldList{Field{"account", &tickets::AccountCreated::account}};
};

template <>
struct Fields<tickets::AccountChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountChanged";
  static constexpr auto list = FieldList{Field{"account", &tickets::AccountChanged::account}};
};

template <>
struct Fields<tickets::LocationAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationAdded";
  static constexpr auto list = FieldList{Field{"location", &tickets::LocationAdded::location}};
};

template <>
struct Fields<tickets::LocationChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationChanged";
  static constexpr auto list = FieldList{Field{"location", &tickets::LocationChanged::location}};
};

template <>
struct Fields<tickets::ContactAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.ContactAdded";
  static constexpr auto list = FieldList{Field{"contact", &tickets::ContactAdded::contact}};
};

template <>
struct Fields<tickets::ContactChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.ContactChanged";
  static constexpr auto list = FieldList{Field{"contact", &tickets::ContactChanged::contact}};
};

}  // namespace holdfast

namespace holdfast::tickets {

using events::UnitOfWork;

void follow_book(events::Consumer& consumer) {
  consumer.on<AccountCreated>("tickets.keep_account", [](UnitOfWork& work, const AccountCreated& event) {
    return keep_account(work, event.account);
  });
  consumer.on<AccountChanged>("tickets.keep_changed_account", [](UnitOfWork& work, const AccountChanged& event) {
    return keep_account(work, event.account);
  });
  consumer.on<LocationAdded>("tickets.keep_location", [](UnitOfWork& work, const LocationAdded& event) {
    return keep_location(work, event.location);
  });
  consumer.on<LocationChanged>("tickets.keep_changed_location", [](UnitOfWork& work, const LocationChanged& event) {
    return keep_location(work, event.location);
  });
  consumer.on<ContactAdded>("tickets.keep_contact", [](UnitOfWork& work, const ContactAdded& event) {
    return keep_contact(work, event.contact);
  });
  consumer.on<ContactChanged>("tickets.keep_changed_contact", [](UnitOfWork& work, const ContactChanged& event) {
    return keep_contact(work, event.contact);
  });
}

}  // namespace holdfast::tickets
