#pragma once

#include <string>
#include <vector>

#include "accounts/domain/carrier_contact.h"
#include "runtime/calendar/service_calendar.h"

// Which of a carrier's numbers is answered at an instant (A11: the repair number on a Friday at six).
namespace holdfast::accounts {

inline constexpr size_t max_hours = 14;

// "Mon-Fri 08:00-17:00" or "Sat 09:00-13:00", each as it is kept; "Fri-Mon" goes round the week, "22:00-06:00" ends on
// the next day. FIELD_INVALID with the place in the list.
Result<std::vector<std::string>> read_hours(const char* field, const std::vector<std::string>& hours);

// A contact as it is to be called at an instant.
struct ContactAt {
  CarrierContact contact;
  bool open = false;                // its own hours
  std::vector<std::string> phones;  // in the order in which to try them
};

// Hours that nobody gave are those of an office where there is a number for the time after hours: Monday to Friday,
// 08:00 to 17:00, but for federal holidays. Without one, the one number is taken to be answered at all times. Out of
// hours the after-hours number comes first, and the other one is still worth a try.
// Precondition: hours and zones have been read before they were kept.
ContactAt contact_at(const CarrierContact& contact, const ZoneName& agency_zone, Instant at);

// Until when contact_at says the same: the next opening or closing, or a week later if there is none before.
Instant changes_after(const CarrierContact& contact, const ZoneName& agency_zone, Instant at);

// Those who answer at that instant first; otherwise in the order given.
std::vector<ContactAt> contacts_at(const std::vector<CarrierContact>& contacts, const ZoneName& agency_zone,
                                   Instant at);

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::ContactAt> {
  using T = accounts::ContactAt;
  static constexpr auto list =
      FieldList{Field{"contact", &T::contact}, Field{"open", &T::open}, Field{"phones", &T::phones}};
};
