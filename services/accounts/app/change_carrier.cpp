#include "accounts/app/carriers.h"
#include "accounts/app/hold_carrier.h"

namespace holdfast::accounts {

Result<Carrier> change_carrier(events::UnitOfWork& work, const ChangeCarrier& command) {
  auto held = TRY(hold_carrier(work, command.id, "id"));
  const auto before = held.carrier;
  auto carrier = TRY(change(before, command));
  if (carrier == before) return carrier;
  held.carrier = carrier;
  CHECK_OK(leave_carrier(work, before, std::move(held)));
  return carrier;
}

}  // namespace holdfast::accounts
