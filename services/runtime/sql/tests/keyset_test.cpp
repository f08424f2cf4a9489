#include "runtime/sql/keyset.h"

#include <gtest/gtest.h>

#include <limits>

namespace holdfast::sql {

struct NamedDay {
  std::string name;
  Instant at;
  Date day;

  bool operator==(const NamedDay&) const = default;
};

}  // namespace holdfast::sql

namespace holdfast {

template <>
struct Fields<sql::NamedDay> {
  using T = sql::NamedDay;
  static constexpr auto list = FieldList{Field{"name", &T::name}, Field{"at", &T::at}, Field{"day", &T::day}};
};

}  // namespace holdfast

namespace holdfast::sql {
namespace {

using namespace std::chrono_literals;

NamedDay place() { return {"Café", *parse_instant("2026-03-01T12:00:00.5Z"), *parse_date("2026-03-01")}; }

bool taken(const NamedDay& place) { return place_of<NamedDay>(token_of(place)).has_value(); }

TEST(PageToken, GivesThePlaceBack) { EXPECT_EQ(*place_of<NamedDay>(token_of(place())), place()); }

TEST(PageToken, IsRefusedWhenItIsOfNoPlace) {
  const auto token = token_of(place());
  for (const auto& other :
       {std::string(), std::string("x"), token.substr(2), token + "00", token + "0", "FF" + token}) {
    const auto read = place_of<NamedDay>(other);
    ASSERT_FALSE(read) << other;
    EXPECT_EQ(read.error().reason, Reason::page_token_invalid) << other;
  }
}

// A caller may make tokens up, and what PostgreSQL takes no question about must not reach it.
TEST(PageToken, HoldsNothingThatPostgresRefuses) {
  for (const auto& name : {std::string("\xff"), std::string("\xed\xa0\x80"), std::string("a\0b", 3)}) {
    auto broken = place();
    broken.name = name;
    EXPECT_FALSE(taken(broken));
  }
  auto broken = place();
  broken.at = Instant{} - std::chrono::days{800'000};
  EXPECT_FALSE(taken(broken)) << "before the year 1";
  broken.at = Instant{} + std::chrono::days{4'000'000};
  EXPECT_FALSE(taken(broken)) << "after the year 9999";
  broken = place();
  broken.day = Date{} + std::chrono::days{4'000'000};
  EXPECT_FALSE(taken(broken));
}

// The largest count of microseconds that is not PostgreSQL's infinity: since 1970 it would overflow.
TEST(PageToken, HoldsNoInstantThatOursCannot) {
  auto bytes = *keyset::from_hex(token_of(place()));
  std::string far;
  binary::put(far, std::numeric_limits<std::int64_t>::max() - 1);
  bytes.replace(4 + place().name.size() + 4, far.size(), far);
  EXPECT_FALSE(place_of<NamedDay>(keyset::to_hex(bytes)));
}

}  // namespace
}  // namespace holdfast::sql
