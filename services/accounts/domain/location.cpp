#include "accounts/domain/location.h"

#include "accounts/domain/change.h"
#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"
#include "accounts/domain/time_zone.h"

namespace holdfast::accounts {
namespace {

// All but the time zone.
Result<Location> checked(Location location) {
  location.name = TRY(read_name("name", location.name));
  location.street = TRY(read_line("street", location.street));
  location.city = TRY(read_line("city", location.city));
  location.state = TRY(read_line("state", location.state));
  location.postal_code = TRY(read_line("postal_code", location.postal_code));
  location.main_phone = TRY(read_phone("main_phone", location.main_phone));
  location.notes = TRY(read_notes("notes", location.notes));
  return location;
}

Location with_changes(Location location, const ChangeLocation& command) {
  set(location.name, command.name);
  set(location.street, command.street);
  set(location.city, command.city);
  set(location.state, command.state);
  set(location.postal_code, command.postal_code);
  set(location.main_phone, command.main_phone);
  set(location.status, command.status);
  set(location.notes, command.notes);
  return location;
}

}  // namespace

Result<LocationAdded> add(const AddLocation& command, AccountStatus account, Instant now) {
  CHECK_OK(check_open(account));
  auto time_zone = TRY(read_time_zone("time_zone", command.time_zone));
  auto location = TRY(checked({.id = command.id.value_or(new_id<LocationId>(now)),
                               .account_id = command.account_id,
                               .name = command.name,
                               .street = command.street,
                               .city = command.city,
                               .state = command.state,
                               .postal_code = command.postal_code,
                               .time_zone = std::move(time_zone),
                               .time_zone_source = TimeZoneSource::stated,
                               .main_phone = command.main_phone,
                               .status = command.status.value_or(LocationStatus::active),
                               .notes = command.notes,
                               .version = 1}));
  return LocationAdded{std::move(location)};
}

Result<Location> change(const Location& before, const ChangeLocation& command, std::int64_t live_products) {
  CHECK_OK(check_etag(before, command.etag));
  auto location = with_changes(before, command);
  if (command.time_zone) {
    location.time_zone = TRY(read_time_zone("time_zone", *command.time_zone));
    location.time_zone_source = TimeZoneSource::stated;
  }
  const bool closes = location.status == LocationStatus::closed && before.status != LocationStatus::closed;
  if (closes && live_products > 0) {
    return fail(Reason::illegal_transition, "status",
                std::to_string(live_products) + " of its products have not ended: terminate or move them first");
  }
  return next_version(before, TRY(checked(std::move(location))));
}

}  // namespace holdfast::accounts
