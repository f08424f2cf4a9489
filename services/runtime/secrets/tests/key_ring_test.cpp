#include "runtime/secrets/key_ring.h"

#include <gtest/gtest.h>

namespace holdfast::secrets {
namespace {

// 32 bytes of 1, of 2.
const std::string old_key = "old AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n";
const std::string new_key = "new AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n";

const Place place{AgencyId{new_uuid()}, new_uuid(), "pin"};

TEST(KeyRing, OpensWhatItSealed) {
  const auto ring = *KeyRing::from_text(old_key);
  for (const auto& secret : {std::string("4711"), std::string(), std::string("\0\xFF", 2), std::string(4096, 'x')}) {
    const auto sealed = ring.seal(secret, place);
    EXPECT_EQ(sealed.key_id, "old");
    EXPECT_EQ(*ring.open(sealed, place), secret);
    EXPECT_TRUE(secret.size() < 4 || sealed.bytes.find(secret) == std::string::npos);
  }
}

TEST(KeyRing, SealsTheSameSecretDifferentlyEachTime) {
  const auto ring = *KeyRing::from_text(old_key);
  EXPECT_NE(ring.seal("4711", place).bytes, ring.seal("4711", place).bytes);
}

TEST(KeyRing, OpensASecretInItsOwnPlaceOnly) {
  const auto ring = *KeyRing::from_text(old_key);
  const auto sealed = ring.seal("4711", place);
  auto elsewhere = place;
  elsewhere.agency = AgencyId{new_uuid()};
  EXPECT_EQ(ring.open(sealed, elsewhere).error().reason, Reason::secret_unreadable);
  elsewhere = place;
  elsewhere.subject = new_uuid();
  EXPECT_EQ(ring.open(sealed, elsewhere).error().reason, Reason::secret_unreadable);
  elsewhere = place;
  elsewhere.field = "passcode";
  EXPECT_EQ(ring.open(sealed, elsewhere).error().reason, Reason::secret_unreadable);
}

TEST(KeyRing, NoticesEveryChangedByte) {
  const auto ring = *KeyRing::from_text(old_key);
  const auto sealed = ring.seal("4711", place);
  for (size_t index = 0; index < sealed.bytes.size(); ++index) {
    auto changed = sealed;
    changed.bytes[index] = static_cast<char>(changed.bytes[index] ^ 1);
    EXPECT_FALSE(ring.open(changed, place)) << index;
  }
  for (const size_t length : {size_t{0}, size_t{27}, sealed.bytes.size() - 1}) {
    EXPECT_FALSE(ring.open({sealed.key_id, sealed.bytes.substr(0, length)}, place)) << length;
  }
}

TEST(KeyRing, TurnsToANewKeyAndKeepsTheOldOnes) {
  const auto sealed = KeyRing::from_text(old_key)->seal("4711", place);
  const auto turned = *KeyRing::from_text(new_key + old_key);
  EXPECT_EQ(*turned.open(sealed, place), "4711");
  EXPECT_EQ(turned.seal("4711", place).key_id, "new");
  const auto forgotten = KeyRing::from_text(new_key)->open(sealed, place);
  EXPECT_EQ(forgotten.error().reason, Reason::secret_unreadable);
  EXPECT_NE(forgotten.error().message.find("old"), std::string::npos);
  // Another key under the same name is not the same key.
  const auto mistaken = "old" + new_key.substr(3);
  EXPECT_EQ(KeyRing::from_text(mistaken)->open(sealed, place).error().reason, Reason::secret_unreadable);
}

TEST(KeyRing, RefusesAFileThatIsNoKeyFile) {
  for (const std::string& text :
       {std::string(), std::string("\n\n"), std::string("old\n"), std::string("old AQEB\n"), old_key + old_key,
        std::string("o/d ") + old_key.substr(4), "old !" + old_key.substr(5),
        "old " + old_key.substr(4, 44) + " more\n", std::string(65, 'x') + old_key.substr(3)}) {
    const auto ring = KeyRing::from_text(text);
    ASSERT_FALSE(ring) << text;
    EXPECT_EQ(ring.error().reason, Reason::setting_invalid);
    EXPECT_EQ(ring.error().message.find("AQEB"), std::string::npos) << "keys are not repeated";
  }
  EXPECT_EQ(KeyRing::from_file("/nowhere/secrets.key").error().reason, Reason::setting_invalid);
}

}  // namespace
}  // namespace holdfast::secrets
