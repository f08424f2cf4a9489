#include "accounts/domain/contact.h"

#include <algorithm>

#include "accounts/domain/change.h"
#include "accounts/domain/email.h"
#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

// Each once, all of the contact's own account.
Result<std::vector<LocationId>> read_locations(std::vector<LocationId> named, const std::vector<LocationId>& known) {
  if (named.size() > max_contact_locations) {
    return fail(Reason::field_too_long, "location_ids", "are more than " + std::to_string(max_contact_locations));
  }
  for (size_t index = 0; index < named.size(); ++index) {
    if (std::ranges::find(known, named[index]) == known.end()) {
      return fail(Reason::location_not_found, "location_ids[" + std::to_string(index) + "]",
                  "the account has no location " + to_string(named[index]));
    }
  }
  std::ranges::sort(named);
  const auto repeated = std::ranges::unique(named);
  named.erase(repeated.begin(), repeated.end());
  return named;
}

Result<Contact> checked(Contact contact) {
  contact.name = TRY(read_name("name", contact.name));
  contact.title = TRY(read_line("title", contact.title));
  contact.email = TRY(read_email("email", contact.email));
  contact.phone = TRY(read_phone("phone", contact.phone));
  return contact;
}

}  // namespace

Result<ContactAdded> add(const AddContact& command, AccountStatus account, const std::vector<LocationId>& locations,
                         Instant now) {
  CHECK_OK(check_open(account));
  auto location_ids = TRY(read_locations(command.location_ids, locations));
  auto contact = TRY(checked({.id = command.id.value_or(new_id<ContactId>(now)),
                              .account_id = command.account_id,
                              .name = command.name,
                              .title = command.title,
                              .email = command.email,
                              .phone = command.phone,
                              .location_ids = std::move(location_ids),
                              .version = 1}));
  return ContactAdded{std::move(contact)};
}

Result<Contact> change(const Contact& before, const ChangeContact& command, const std::vector<LocationId>& locations) {
  CHECK_OK(check_etag(before, command.etag));
  auto contact = before;
  set(contact.name, command.name);
  set(contact.title, command.title);
  set(contact.email, command.email);
  set(contact.phone, command.phone);
  if (!command.location_ids.empty()) contact.location_ids = TRY(read_locations(command.location_ids, locations));
  CHECK_OK(clear_fields(contact, command.clear, Field{"location_ids", &Contact::location_ids}));
  return next_version(before, TRY(checked(std::move(contact))));
}

}  // namespace holdfast::accounts
