// The texts of core and calendar: dates, instants, ids, zones. What is read is read again from what is written.
#include "runtime/calendar/zone.h"
#include "runtime/core/time.h"
#include "runtime/core/uuid.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace holdfast;
  using fuzz::require;
  const auto text = fuzz::text_of(data, size);
  if (const auto date = parse_date(text)) require(format_date(*date) == text, "a date has one spelling", text);
  if (const auto instant = parse_instant(text)) {
    const auto again = parse_instant(format_instant(*instant));
    require(again && *again == *instant, "an instant written is that instant", text);
  }
  if (const auto uuid = parse_uuid(text)) {
    const auto again = parse_uuid(to_string(*uuid));
    require(again && *again == *uuid, "an id written is that id", text);
  }
  if (const auto zone = parse_zone(text)) {
    require(zone->text() == text, "a zone has one spelling", text);
    const auto noon = *parse_instant("2026-03-08T12:00:00Z");
    require(begun_date(*zone, noon) <= local_date(*zone, noon), "a day that began is no later than today", text);
  }
  return 0;
}
