// Page tokens, which a caller may make up. What is taken for a place is one that PostgreSQL can be asked about.
#include "runtime/core/utf8.h"
#include "runtime/sql/keyset.h"
#include "tests/fuzz/fuzz.h"

namespace holdfast::fuzz {

// The kinds of column that lists are ordered by.
struct ByInstant {
  Instant at;
  Uuid id;
};
struct ByName {
  std::string name;
};
struct ByDeadline {
  Instant as_of;
  bool passed = false;
  Date deadline;
  std::int64_t minor = 0;
  Uuid id;
};
struct ByRow {
  std::int32_t sheet = 0;
  std::int32_t row = 0;
};

}  // namespace holdfast::fuzz

namespace holdfast {

template <>
struct Fields<fuzz::ByInstant> {
  static constexpr auto list = FieldList{Field{"at", &fuzz::ByInstant::at}, Field{"id", &fuzz::ByInstant::id}};
};
template <>
struct Fields<fuzz::ByName> {
  static constexpr auto list = FieldList{Field{"name", &fuzz::ByName::name}};
};
template <>
struct Fields<fuzz::ByDeadline> {
  using T = fuzz::ByDeadline;
  static constexpr auto list =
      FieldList{Field{"as_of", &T::as_of}, Field{"passed", &T::passed}, Field{"deadline", &T::deadline},
                Field{"minor", &T::minor}, Field{"id", &T::id}};
};
template <>
struct Fields<fuzz::ByRow> {
  static constexpr auto list = FieldList{Field{"sheet", &fuzz::ByRow::sheet}, Field{"row", &fuzz::ByRow::row}};
};

}  // namespace holdfast

namespace holdfast::fuzz {
namespace {

void check_field(const std::string& text) {
  require(is_utf8(text) && text.find('\0') == text.npos, "a text of a place is one that PostgreSQL keeps", text);
}
void check_field(Date date) { require(format_date(date).size() == 10, "a date of a place has four digits of years"); }
void check_field(Instant instant) {
  require(format_instant(instant)[4] == '-', "an instant of a place has four digits of years");
}
void check_field(const auto&) {}

template <class Place>
void check_token(std::string_view token) {
  const auto place = sql::place_of<Place>(token);
  if (!place) {
    require(place.error().reason == Reason::page_token_invalid, "a token is refused as one");
    return;
  }
  for_each_field(*place, [](const char*, const auto& member) { check_field(member); });
  const auto written = sql::token_of(*place);
  const auto again = sql::place_of<Place>(written);
  require(again && sql::token_of(*again) == written, "a place written is that place", token);
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace holdfast;
  const auto text = fuzz::text_of(data, size);
  // As it is sent; and as bytes, which the fuzzer need not spell in hexadecimal.
  for (const auto& token : {std::string(text), sql::keyset::to_hex(text)}) {
    fuzz::check_token<fuzz::ByInstant>(token);
    fuzz::check_token<fuzz::ByName>(token);
    fuzz::check_token<fuzz::ByDeadline>(token);
    fuzz::check_token<fuzz::ByRow>(token);
  }
  return 0;
}
