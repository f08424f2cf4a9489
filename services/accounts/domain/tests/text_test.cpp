#include "accounts/domain/text.h"

#include <gtest/gtest.h>

#include "accounts/domain/email.h"
#include "accounts/domain/phone.h"

namespace holdfast::accounts {
namespace {

TEST(Names, AreEqualButForCaseQuotesAndBlanks) {
  const auto name = fold("Joe's \"Diner\" Inc");
  for (const auto* same :
       {"JOE'S \"DINER\" INC", "Joe\u2019s \u201CDiner\u201D Inc", "  Joe's\u00A0\u00A0\"Diner\"\n Inc ",
        "Joe's \"Diner\"\u2003Inc", "Joe\u2018s \"Diner\" Inc\u200B"}) {
    EXPECT_EQ(fold(same), name) << same;
  }
  for (const auto* other : {"Joes \"Diner\" Inc", "Joe's Diner Inc", "Joe's \"Diner\", Inc", "Joe's \"Diner\" Inc.",
                            "Joe's \"Diner\" Incorporated", "Joe's\"Diner\" Inc"}) {
    EXPECT_NE(fold(other), name) << other;
  }
  EXPECT_EQ(fold("CAFÉ Ñandú"), fold("café ñandÚ"));
  EXPECT_NE(fold("Café"), fold("Cafe"));
  EXPECT_EQ(fold("Cafe\u0301"), fold("Café"));  // composed and decomposed look the same
}

TEST(Names, AreKeptCleanAndMostlyAsWritten) {
  EXPECT_EQ(*read_name("name", " Joe\u2019s\u00A0 Diner "), "Joe\u2019s Diner");
  EXPECT_EQ(read_name("name", " \u00A0\u200B").error().reason, Reason::field_required);
  EXPECT_TRUE(read_name("name", std::string(max_name_bytes, 'x')));
  EXPECT_EQ(read_name("name", std::string(max_name_bytes + 1, 'x')).error().reason, Reason::field_too_long);
}

TEST(Identifiers, AreEqualButForCaseBlanksAndPunctuation) {
  EXPECT_EQ(identifier_key("32/HCGS/123456//SW"), identifier_key("32 hcgs.123456-sw"));
  EXPECT_NE(identifier_key("32/HCGS/123456//SW"), identifier_key("32/HCGS/123457//SW"));
}

TEST(Phones, AreKeptAsE164) {
  EXPECT_EQ(*read_phone("phone", "(617) 555-0149 x12"), "+16175550149;ext=12");
  EXPECT_EQ(*read_phone("phone", "+44 20 7946 0018"), "+442079460018");
  EXPECT_EQ(*read_phone("phone", "+16175550149;ext=12"), "+16175550149;ext=12");
  EXPECT_EQ(*read_phone("phone", "  "), "");
  EXPECT_EQ(read_phone("phone", "555-0149").error().reason, Reason::phone_incomplete);
  EXPECT_EQ(read_phone("phone", "call Jan").error().reason, Reason::phone_invalid);
  EXPECT_EQ(read_phone("phone", "call Jan").error().fields.at(0).field, "phone");
  EXPECT_EQ(read_phone("phone", std::string(1000, '1')).error().reason, Reason::phone_invalid);
}

TEST(Emails, AreKeptInLowerCase) {
  EXPECT_EQ(*read_email("email", "mailto:Jan@Acme.Example"), "jan@acme.example");
  EXPECT_EQ(*read_email("email", " "), "");
  for (const auto* wrong :
       {"jan", "jan@acme", "@acme.example", "jan@@acme.example", "jan@.example", "jan@acme..example"}) {
    EXPECT_EQ(read_email("email", wrong).error().reason, Reason::email_invalid) << wrong;
  }
}

}  // namespace
}  // namespace holdfast::accounts
