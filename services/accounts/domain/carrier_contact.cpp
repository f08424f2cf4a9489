#include "accounts/domain/carrier_contact.h"

#include "accounts/domain/change.h"
#include "accounts/domain/contact_hours.h"
#include "accounts/domain/email.h"
#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"
#include "accounts/domain/time_zone.h"

namespace holdfast::accounts {
namespace {

Result<CarrierContact> checked(CarrierContact contact) {
  contact.function = TRY(read_name("function", contact.function));
  if (contact.level && (*contact.level < 1 || *contact.level > max_level)) {
    return fail(Reason::field_out_of_range, "level", "is 1 to " + std::to_string(max_level));
  }
  contact.name = TRY(read_line("name", contact.name));
  contact.phone = TRY(read_phone("phone", contact.phone));
  contact.after_hours_phone = TRY(read_phone("after_hours_phone", contact.after_hours_phone));
  contact.email = TRY(read_email("email", contact.email));
  if (contact.phone.empty() && contact.after_hours_phone.empty() && contact.email.empty()) {
    return fail(Reason::field_required, "phone", "or after_hours_phone or email: how else are they reached?");
  }
  contact.hours = TRY(read_hours("hours", contact.hours));
  if (!contact.time_zone.empty()) contact.time_zone = TRY(read_time_zone("time_zone", contact.time_zone));
  contact.notes = TRY(read_notes("notes", contact.notes));
  return contact;
}

}  // namespace

Result<CarrierContact> add(const AddCarrierContact& command, Instant now) {
  return checked({.id = command.id.value_or(new_id<CarrierContactId>(now)),
                  .carrier_id = command.carrier_id,
                  .function = command.function,
                  .level = command.level,
                  .name = command.name,
                  .phone = command.phone,
                  .after_hours_phone = command.after_hours_phone,
                  .email = command.email,
                  .hours = command.hours,
                  .time_zone = command.time_zone,
                  .verified_on = command.verified_on,
                  .notes = command.notes,
                  .version = 1});
}

Result<CarrierContact> change(const CarrierContact& before, const ChangeCarrierContact& command) {
  using T = CarrierContact;
  CHECK_OK(check_etag(before, command.etag));
  auto contact = before;
  set(contact.function, command.function);
  set(contact.level, command.level);
  set(contact.name, command.name);
  set(contact.phone, command.phone);
  set(contact.after_hours_phone, command.after_hours_phone);
  set(contact.email, command.email);
  if (!command.hours.empty()) contact.hours = command.hours;
  set(contact.time_zone, command.time_zone);
  set(contact.verified_on, command.verified_on);
  set(contact.notes, command.notes);
  CHECK_OK(clear_fields(contact, command.clear, Field{"level", &T::level}, Field{"hours", &T::hours},
                        Field{"verified_on", &T::verified_on}));
  return next_version(before, TRY(checked(std::move(contact))));
}

}  // namespace holdfast::accounts
