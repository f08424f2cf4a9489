#include "tickets/events/book.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {

// The events of accounts, as far as this service wants to know them.
struct AccountCreated {
  Account account;
};
struct LocationAdded {
  Location location;
};
struct ContactAdded {
  Contact contact;
};

}  // namespace holdfast::tickets

namespace holdfast {

template <>
struct Fields<tickets::AccountCreated> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountCreated";
  static constexpr auto list = std::tuple{Field{"account", &tickets::AccountCreated::account}};
};

template <>
struct Fields<tickets::LocationAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationAdded";
  static constexpr auto list = std::tuple{Field{"location", &tickets::LocationAdded::location}};
};

template <>
struct Fields<tickets::ContactAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.ContactAdded";
  static constexpr auto list = std::tuple{Field{"contact", &tickets::ContactAdded::contact}};
};

}  // namespace holdfast

namespace holdfast::tickets {

using events::UnitOfWork;

void follow_book(events::Consumer& consumer) {
  consumer.on<AccountCreated>("tickets.keep_account", [](UnitOfWork& work, const AccountCreated& event) {
    return keep_account(work, event.account);
  });
  consumer.on<LocationAdded>("tickets.keep_location", [](UnitOfWork& work, const LocationAdded& event) {
    return keep_location(work, event.location);
  });
  consumer.on<ContactAdded>("tickets.keep_contact", [](UnitOfWork& work, const ContactAdded& event) {
    return keep_contact(work, event.contact);
  });
}

}  // namespace holdfast::tickets
