#include "accounts/domain/location.h"

#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"
#include "accounts/domain/time_zone.h"

namespace holdfast::accounts {

Result<LocationAdded> add(const AddLocation& command, AccountStatus account, Instant now) {
  CHECK_OK(check_open(account));
  auto name = TRY(read_name("name", command.name));
  auto street = TRY(read_line("street", command.street));
  auto city = TRY(read_line("city", command.city));
  auto state = TRY(read_line("state", command.state));
  auto postal_code = TRY(read_line("postal_code", command.postal_code));
  auto time_zone = TRY(read_time_zone("time_zone", command.time_zone));
  auto main_phone = TRY(read_phone("main_phone", command.main_phone));
  auto notes = TRY(read_notes("notes", command.notes));
  return LocationAdded{{.id = command.id.value_or(new_id<LocationId>(now)),
                        .account_id = command.account_id,
                        .name = std::move(name),
                        .street = std::move(street),
                        .city = std::move(city),
                        .state = std::move(state),
                        .postal_code = std::move(postal_code),
                        .time_zone = std::move(time_zone),
                        .time_zone_source = TimeZoneSource::stated,
                        .main_phone = std::move(main_phone),
                        .status = command.status.value_or(LocationStatus::active),
                        .notes = std::move(notes),
                        .version = 1}};
}

}  // namespace holdfast::accounts
