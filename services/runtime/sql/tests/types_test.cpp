#include "runtime/sql/types.h"

#include <gmock/gmock.h>

#include "runtime/sql/tests/things.h"

namespace holdfast::sql {
namespace {

using ::testing::HasSubstr;

struct TypesTest : DatabaseTest {
  // The error of reading all things after `script`.
  std::string refused_after(const std::string& script, Reason reason = Reason::internal) {
    static constexpr Statement list{"things.list",
                                    "SELECT agency_id, id, name, colour, price_minor, price_currency, due, tags, "
                                    "created FROM things"};
    EXPECT_TRUE(insert(thing(script)));
    temporary.run(script);
    const auto read = database.read(call, [](Transaction& tx) { return tx.many<Thing>(list); });
    if (read) return "was read";
    EXPECT_EQ(read.error().reason, reason);
    return read.error().message;
  }
};

TEST_F(TypesTest, ANameThatOnlyANewerProgramKnowsIsRefused) {
  EXPECT_EQ(refused_after("UPDATE things SET colour = 'blue'", Reason::newer_than_program),
            "things.list: column 4 (colour) holds what this program does not know");
}

TEST_F(TypesTest, ANullWhereNoneMayBeIsRefused) {
  EXPECT_EQ(refused_after("ALTER TABLE things ALTER name DROP NOT NULL; UPDATE things SET name = NULL"),
            "things.list: column 3 (name) is null");
}

TEST_F(TypesTest, HalfAnOptionalIsRefused) {
  EXPECT_EQ(refused_after("UPDATE things SET price_minor = NULL"), "things.list: column 5 (price_minor) is null");
}

TEST_F(TypesTest, ANullInAnArrayIsRefused) {
  EXPECT_THAT(refused_after("UPDATE things SET tags = ARRAY['a', NULL]", Reason::newer_than_program),
              HasSubstr("column 8 (tags)"));
}

TEST_F(TypesTest, InfinityIsRefused) {
  EXPECT_THAT(refused_after("UPDATE things SET due = 'infinity'", Reason::newer_than_program),
              HasSubstr("column 7 (due)"));
  EXPECT_THAT(refused_after("UPDATE things SET due = NULL, created = '-infinity'", Reason::newer_than_program),
              HasSubstr("column 9 (created)"));
}

template <class T>
bool decodes(std::string_view data) {
  return Value<T>::decode(data).has_value();
}

TEST(Value, AnotherWidthIsNotDecoded) {
  EXPECT_TRUE(decodes<bool>("x"));
  EXPECT_FALSE(decodes<bool>(""));
  EXPECT_FALSE(decodes<bool>("xx"));
  EXPECT_TRUE(decodes<std::int32_t>("1234"));
  EXPECT_FALSE(decodes<std::int32_t>("12345678"));
  EXPECT_FALSE(decodes<std::int64_t>("1234"));
  EXPECT_FALSE(decodes<double>("1234"));
  EXPECT_FALSE(decodes<Uuid>("123456789012345"));
  EXPECT_FALSE(decodes<Instant>("1234567"));
  EXPECT_FALSE(decodes<Date>("123"));
  EXPECT_FALSE(decodes<Json>("{}")) << "jsonb begins with its version";
}

TEST(Value, AnArrayIsDecodedWholeOrNotAtAll) {
  using Texts = std::vector<std::string>;
  for (const auto& texts : {Texts{}, Texts{"a", "", "bc"}}) {
    std::string encoded;
    Value<Texts>::encode(texts, encoded);
    EXPECT_EQ(Value<Texts>::decode(encoded), texts);
    EXPECT_FALSE(decodes<Texts>(encoded + "x"));
    EXPECT_FALSE(decodes<Texts>(std::string_view(encoded).substr(0, encoded.size() - 1)));
    EXPECT_FALSE(decodes<std::vector<std::int64_t>>(encoded)) << "elements of another type";
  }
}

}  // namespace
}  // namespace holdfast::sql
