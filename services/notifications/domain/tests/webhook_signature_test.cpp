#include "notifications/domain/webhook_signature.h"

#include <gtest/gtest.h>

#include <array>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

// The example of the Standard Webhooks reference libraries' own tests.
constexpr auto secret_text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr auto payload = R"({"test": 2432232314})";
constexpr auto expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const Instant now{1614265330s};

std::vector<WebhookSecret> secrets(std::initializer_list<const char*> texts) {
  std::vector<WebhookSecret> list;
  for (const auto* text : texts) list.push_back(*WebhookSecret::parse(text));
  return list;
}

const char* other_secret_text = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

TEST(WebhookSignature, AgreesWithTheReferenceLibraries) {
  const auto headers = *sign_webhook(secrets({secret_text}), id, now, payload);
  EXPECT_EQ(headers.id, id);
  EXPECT_EQ(headers.timestamp, "1614265330");
  EXPECT_EQ(headers.signature, expected);
}

TEST(WebhookSignature, SignsWithEverySecretOfARotation) {
  const auto both = secrets({other_secret_text, secret_text});
  const auto headers = *sign_webhook(both, id, now, payload);
  EXPECT_TRUE(headers.signature.ends_with(std::string(" ") + expected));
  EXPECT_TRUE(verify_webhook(secrets({secret_text}), headers, now, payload));
  EXPECT_TRUE(verify_webhook(secrets({other_secret_text}), headers, now, payload));
  EXPECT_TRUE(verify_webhook(both, {id, "1614265330", expected}, now, payload));
}

TEST(WebhookSignature, PassesOverUnknownVersions) {
  const auto one = secrets({secret_text});
  EXPECT_TRUE(verify_webhook(one, {id, "1614265330", std::string("v1a,xyz  v2,abc ") + expected}, now, payload));
  EXPECT_FALSE(verify_webhook(one, {id, "1614265330", std::string("v2") + (expected + 2)}, now, payload));
}

TEST(WebhookSignature, RefusesWhateverWasChanged) {
  const auto one = secrets({secret_text});
  const SignedHeaders good{id, "1614265330", expected};
  ASSERT_TRUE(verify_webhook(one, good, now, payload));
  EXPECT_FALSE(verify_webhook(one, good, now, R"({"test": 2432232315})"));
  EXPECT_FALSE(verify_webhook(one, {"msg_other", good.timestamp, expected}, now, payload));
  EXPECT_FALSE(verify_webhook(one, {id, "1614265331", expected}, now, payload));
  EXPECT_FALSE(verify_webhook(secrets({other_secret_text}), good, now, payload));
  EXPECT_FALSE(verify_webhook({}, good, now, payload));
  for (const auto* signature : {"", " ", "v1,", "v1", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}) {
    EXPECT_FALSE(verify_webhook(one, {id, good.timestamp, signature}, now, payload)) << signature;
  }
}

TEST(WebhookSignature, RefusesOldAndFutureTimestamps) {
  const auto one = secrets({secret_text});
  const SignedHeaders good{id, "1614265330", expected};
  EXPECT_TRUE(verify_webhook(one, good, now + 5min, payload));
  EXPECT_TRUE(verify_webhook(one, good, now - 5min, payload));
  EXPECT_FALSE(verify_webhook(one, good, now + 5min + 1s, payload));
  EXPECT_FALSE(verify_webhook(one, good, now - 5min - 1s, payload));
  for (const auto* text : {"", "x", "1614265330 ", "+1614265330", "99999999999999999999"}) {
    EXPECT_FALSE(verify_webhook(one, {id, text, expected}, now, payload)) << text;
  }
}

TEST(WebhookSignature, RefusesToSignWhatCannotBeToldApart) {
  for (const auto* bad : {"", "a.b", "a b", "a\r\nb", "\x80"}) {
    EXPECT_FALSE(sign_webhook(secrets({secret_text}), bad, now, payload)) << bad;
  }
  EXPECT_FALSE(sign_webhook({}, id, now, payload));
  EXPECT_FALSE(sign_webhook(std::vector(6, secrets({secret_text}).front()), id, now, payload));
}

TEST(WebhookSecret, ReadsWhatItWrites) {
  std::array<unsigned char, 64> bytes{};
  bytes.fill(0xab);
  for (const size_t length : {24U, 25U, 26U, 32U, 64U}) {
    const auto secret = *WebhookSecret::from_bytes(std::span(bytes).first(length));
    EXPECT_EQ(WebhookSecret::parse(secret.text())->key(), secret.key()) << length;
  }
  EXPECT_FALSE(WebhookSecret::from_bytes(std::span(bytes).first(23)));
  EXPECT_FALSE(WebhookSecret::from_bytes(std::vector<unsigned char>(65)));
}

TEST(WebhookSecret, RefusesEverythingElse) {
  const std::string good = other_secret_text;
  const std::string too_long = "whsec_" + std::string(88, 'A');  // 66 bytes
  for (const std::string& text :
       {std::string(), std::string("whsec_"), good.substr(6), "WHSEC_" + good.substr(6), good + "=", good + " ",
        " " + good, "whsec_ " + good.substr(6), good.substr(0, good.size() - 1), "whsec_" + std::string(28, 'A'),
        too_long, "whsec_" + std::string(32, '-'), std::string("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=")}) {
    EXPECT_FALSE(WebhookSecret::parse(text)) << text;
  }
}

}  // namespace
}  // namespace holdfast::notifications
