#include "accounts/domain/contact.h"

#include "accounts/domain/email.h"
#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"

namespace holdfast::accounts {

Result<ContactAdded> add(const AddContact& command, AccountStatus account, Instant now) {
  CHECK_OK(check_open(account));
  auto name = TRY(read_name("name", command.name));
  auto email = TRY(read_email("email", command.email));
  auto phone = TRY(read_phone("phone", command.phone));
  return ContactAdded{{.id = command.id.value_or(new_id<ContactId>(now)),
                       .account_id = command.account_id,
                       .name = std::move(name),
                       .email = std::move(email),
                       .phone = std::move(phone),
                       .version = 1}};
}

}  // namespace holdfast::accounts
