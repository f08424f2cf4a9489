#include "accounts/domain/contact.h"

#include <algorithm>

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

}  // namespace

Result<ContactAdded> add(const AddContact& command, AccountStatus account, const std::vector<LocationId>& locations,
                         Instant now) {
  CHECK_OK(check_open(account));
  auto name = TRY(read_name("name", command.name));
  auto title = TRY(read_line("title", command.title));
  auto email = TRY(read_email("email", command.email));
  auto phone = TRY(read_phone("phone", command.phone));
  auto location_ids = TRY(read_locations(command.location_ids, locations));
  return ContactAdded{{.id = command.id.value_or(new_id<ContactId>(now)),
                       .account_id = command.account_id,
                       .name = std::move(name),
                       .title = std::move(title),
                       .email = std::move(email),
                       .phone = std::move(phone),
                       .location_ids = std::move(location_ids),
                       .version = 1}};
}

}  // namespace holdfast::accounts
