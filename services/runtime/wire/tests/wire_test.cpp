#include "runtime/wire/wire.h"

#include <gtest/gtest.h>

#include "sample.pb.h"

namespace holdfast::wire {
namespace {

enum class Shade { light, very_dark };

struct Part {
  Uuid id;
  std::int32_t count = 0;
  bool operator==(const Part&) const = default;
};

struct Bytes {
  std::string data;
};

struct Whole {
  AgencyId id;
  std::string name;
  Shade shade{};
  std::optional<std::int32_t> rank;
  std::int64_t version = 0;
  bool urgent = false;
  std::optional<Date> due;
  std::optional<Instant> at;
  std::optional<Money> price;
  std::vector<Part> parts;
  std::vector<std::string> tags;
  std::optional<AgencyId> parent_id;
  std::vector<Shade> shades;
  bool operator==(const Whole&) const = default;
};

}  // namespace
}  // namespace holdfast::wire

namespace holdfast {

template <>
inline constexpr auto enum_names<wire::Shade> = std::to_array<std::string_view>({"light", "veryDark"});

template <>
struct Fields<wire::Part> {
  static constexpr auto list = FieldList{Field{"id", &wire::Part::id}, Field{"count", &wire::Part::count}};
};

template <>
struct Fields<wire::Bytes> {
  static constexpr auto list = FieldList{Field{"data", &wire::Bytes::data}};
};

template <>
struct Fields<wire::Whole> {
  using W = wire::Whole;
  static constexpr auto list =
      FieldList{Field{"id", &W::id},        Field{"name", &W::name},       Field{"shade", &W::shade},
                Field{"rank", &W::rank},    Field{"version", &W::version}, Field{"urgent", &W::urgent},
                Field{"due", &W::due},      Field{"at", &W::at},           Field{"price", &W::price},
                Field{"parts", &W::parts},  Field{"tags", &W::tags},       Field{"parent_id", &W::parent_id},
                Field{"shades", &W::shades}};
};

}  // namespace holdfast

namespace holdfast::wire {
namespace {

Whole full() {
  return {AgencyId{new_uuid()},
          "name",
          Shade::very_dark,
          0,
          1LL << 40,
          true,
          *parse_date("2026-02-28"),
          *parse_instant("2026-01-05T09:00:00.000001Z"),
          Money{-5, "USD"},
          {{new_uuid(), 1}, {new_uuid(), 2}},
          {"a", "b"},
          AgencyId{new_uuid()},
          {Shade::light, Shade::very_dark}};
}

tests::Whole smallest() {
  tests::Whole message;
  message.set_id(to_string(new_uuid()));
  message.set_shade(tests::SHADE_LIGHT);
  return message;
}

Error failure_of(const tests::Whole& message) {
  const auto read = wire::read<Whole>(message);
  EXPECT_FALSE(read);
  return read ? Error{} : read.error();
}

TEST(Wire, ReadsWhatItWrote) {
  for (const auto& whole : {full(), Whole{AgencyId{new_uuid()}}}) {
    tests::Whole message;
    write(whole, message);
    const auto read = wire::read<Whole>(message);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, whole);
  }
}

TEST(Wire, AnEnumerationIsShiftedByTheUnspecifiedValue) {
  tests::Whole message;
  write(full(), message);
  EXPECT_EQ(message.shade(), tests::SHADE_VERY_DARK);
}

TEST(Wire, NamesTheFieldThatIsMissing) {
  auto message = smallest();
  message.clear_id();
  EXPECT_EQ(failure_of(message).fields.at(0).field, "id");
  message = smallest();
  message.clear_shade();
  EXPECT_EQ(failure_of(message).fields.at(0).field, "shade");
  EXPECT_EQ(failure_of(message).reason, Reason::field_required);
}

TEST(Wire, NamesTheFieldThatIsWrongHoweverDeep) {
  auto message = smallest();
  message.add_parts()->set_id(to_string(new_uuid()));
  message.add_parts()->set_id("nonsense");
  EXPECT_EQ(failure_of(message).fields.at(0).field, "parts[1].id");
  EXPECT_EQ(failure_of(message).reason, Reason::id_invalid);
  message = smallest();
  message.set_due("2026-02-30");
  EXPECT_EQ(failure_of(message).fields.at(0).field, "due");
  EXPECT_EQ(failure_of(message).reason, Reason::date_invalid);
}

TEST(Wire, RefusesWhatDoesNotFit) {
  auto message = smallest();
  message.set_name(std::string(max_text_bytes + 1, 'x'));
  EXPECT_EQ(failure_of(message).reason, Reason::field_too_long);
  message = smallest();
  message.set_name(std::string("a\0b", 3));
  EXPECT_EQ(failure_of(message).reason, Reason::field_invalid);
  EXPECT_EQ(failure_of(message).fields.at(0).field, "name");
  message = smallest();
  message.set_shade(static_cast<tests::Shade>(17));
  EXPECT_EQ(failure_of(message).reason, Reason::field_invalid);
  EXPECT_EQ(wire::read<Whole>(message, Reason::newer_than_program).error().reason, Reason::newer_than_program);
  message = smallest();
  message.mutable_at()->set_seconds(1LL << 50);
  EXPECT_EQ(failure_of(message).reason, Reason::instant_invalid);
}

TEST(Wire, BytesAreNoText) {
  const Bytes bytes{std::string(max_text_bytes + 1, '\0')};
  tests::Bytes message;
  write(bytes, message);
  const auto read = wire::read<Bytes>(message);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->data, bytes.data);
}

TEST(Wire, AStructThatDoesNotFitItsMessageEndsTheProcess) {
  check<Whole>(*tests::Whole::descriptor());
  check<Part>(*tests::Part::descriptor());
  EXPECT_DEATH(check<Whole>(*tests::Part::descriptor()), "has no field name");
  EXPECT_DEATH(check<Part>(*tests::Different::descriptor()), "has another type");
}

}  // namespace
}  // namespace holdfast::wire
