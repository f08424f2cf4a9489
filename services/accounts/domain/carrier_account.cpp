#include "accounts/domain/carrier_account.h"

#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"

namespace holdfast::accounts {

Result<CarrierAccount> add(const AddCarrierAccount& command, AccountStatus account, Instant now) {
  CHECK_OK(check_open(account));
  auto number = TRY(read_identifier("number", command.number));
  auto btn = TRY(read_phone("btn", command.btn));
  return CarrierAccount{.id = command.id.value_or(new_id<CarrierAccountId>(now)),
                        .carrier_id = command.carrier_id,
                        .number = std::move(number),
                        .account_id = command.account_id,
                        .btn = std::move(btn),
                        .version = 1};
}

}  // namespace holdfast::accounts
