#include "accounts/domain/carrier.h"

#include "accounts/domain/change.h"
#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

Result<Carrier> checked(Carrier carrier) {
  carrier.name = TRY(read_name("name", carrier.name));
  carrier.notes = TRY(read_notes("notes", carrier.notes));
  return carrier;
}

}  // namespace

Result<Carrier> create(const CreateCarrier& command, Instant now) {
  return checked(
      {.id = command.id.value_or(new_id<CarrierId>(now)), .name = command.name, .notes = command.notes, .version = 1});
}

Result<Carrier> change(const Carrier& before, const ChangeCarrier& command) {
  CHECK_OK(check_etag(before, command.etag));
  auto carrier = before;
  set(carrier.name, command.name);
  set(carrier.notes, command.notes);
  return next_version(before, TRY(checked(std::move(carrier))));
}

}  // namespace holdfast::accounts
