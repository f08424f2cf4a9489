#include "accounts/app/agencies.h"
#include "accounts/app/store_key.h"

namespace holdfast::accounts {

Result<NewKey> create_key(events::UnitOfWork& work, const CreateKey& command) {
  CHECK_OK(get_agency(work.transaction, {}));
  auto key = store_key(work, TRY(grant(command, work.call().who)));
  return NewKey{std::move(key.id), std::move(key.text)};
}

}  // namespace holdfast::accounts
