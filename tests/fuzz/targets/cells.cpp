// What one cell of a book means: dates, amounts, periods, numbers of telephones, places.
#include <cmath>

#include "accounts/import/amounts.h"
#include "accounts/import/dates.h"
#include "accounts/import/phones.h"
#include "accounts/import/rejects.h"
#include "accounts/import/terms.h"
#include "accounts/import/text.h"
#include "accounts/import/zones.h"
#include "runtime/calendar/zone.h"
#include "runtime/core/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace holdfast;
using namespace holdfast::accounts;
using namespace holdfast::accounts::import_book;
using fuzz::require;

Cell cell_of(std::string text) { return {Cell::Kind::text, false, false, std::move(text), 0}; }

void check_dates(const Cell& cell) {
  for (const auto order : {DateOrder::month_first, DateOrder::day_first, DateOrder::year_first}) {
    const auto reading = read_date(cell, {.order = order});
    if (reading.kind != DateReading::Kind::date) continue;
    const auto written = format_date(reading.date);
    const auto again = read_date(cell_of(written), {.order = order});
    require(parse_date(written).has_value(), "a date lies in the years that we have", written);
    require(again.kind == DateReading::Kind::date && again.date == reading.date, "a date written is that date",
            written);
  }
  (void)order_vote(cell.text);
}

void check_amount(const Cell& cell) {
  const auto cents = read_cents(cell);
  if (!cents) return;
  const auto magnitude = std::llabs(*cents);
  const auto written = fmt::format("{}{}.{:02}", *cents < 0 ? "-" : "", magnitude / 100, magnitude % 100);
  require(read_cents(cell_of(written)) == cents, "an amount written is that amount", written);
}

void check_forms(const std::string& text) {
  require(is_utf8(form_key(text)), "form_key gives UTF-8");
  require(is_utf8(clipped(text, text.size() / 2)), "clipped cuts no character");
  const auto said = join(words(text), " ");
  require(is_utf8(said), "words are UTF-8");
  require(join(words(said), " ") == said, "words of words are the same", said);
  const auto quoted = delimited_cell(text);
  const auto first = quoted.starts_with('"') ? quoted.substr(1, 1) : quoted.substr(0, 1);
  require(first.empty() || std::string_view("=+-@\t\r").find(first[0]) == std::string_view::npos,
          "a cell for a spreadsheet is no formula", quoted);
}

void check_places(const std::string& text) {
  const auto state = state_code(text);
  require(!state || state_code(*state) == state, "the code of a state is its own", text);
  const auto zip = zip_code(text);
  require(!zip || zip_code(*zip) == zip, "a ZIP code written is that code", text);
  const auto zone = zone_named(text);
  require(!zone || parse_zone(*zone).has_value(), "a zone that was named is there", text);
  const auto site = site_zone(state ? std::optional<std::string_view>(*state) : std::nullopt,
                              zip ? std::optional<std::string_view>(*zip) : std::nullopt);
  require(!site || parse_zone(site->zone).has_value(), "the zone of a site is there", text);
}

void check_terms(const std::string& text) {
  const auto months = read_months(text);
  require(!months || (*months >= 1 && *months <= 600), "a term has 1 to 600 months", text);
  (void)read_notice(text);
}

// libphonenumber is slow, and not ours: it gets what could be a number.
void check_phone(const std::string& text) {
  static PhoneReader* reader = nullptr;
  static int readings = 0;
  if (readings++ % 10'000 == 0) {
    delete reader;
    reader = new PhoneReader;
  }
  const auto reading = reader->read(text);
  if (reading.kind != PhoneReading::Kind::phone) return;
  const auto again = reader->read(reading.phone.e164);
  require(again.kind == PhoneReading::Kind::phone && again.phone.e164 == reading.phone.e164,
          "a telephone number written is that number", reading.phone.e164);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string text(fuzz::text_of(data, size));
  if (!is_utf8(text)) return 0;  // no cell is anything else: the readers of files see to it
  auto cell = cell_of(text);
  check_dates(cell);
  check_amount(cell);
  check_forms(text);
  check_places(text);
  check_terms(text);
  if (size < 64) check_phone(text);
  if (size == 9) {  // a kind, and the eight bytes of a number
    std::memcpy(&cell.number, data + 1, 8);
    cell.kind = data[0] % 2 == 0 ? Cell::Kind::number : Cell::Kind::date;
    cell.text = fmt::format("{}", cell.number);
    check_dates(cell);
    if (cell.kind == Cell::Kind::number) check_amount(cell);
  }
  return 0;
}
