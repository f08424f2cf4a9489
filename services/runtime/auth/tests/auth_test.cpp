#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <set>
#include <thread>

#include "runtime/auth/api_key.h"
#include "runtime/auth/authenticator.h"
#include "runtime/auth/base64url.h"
#include "runtime/auth/keys.h"
#include "runtime/auth/token.h"
#include "runtime/testing/fake_clock.h"

namespace holdfast::auth {
namespace {

using namespace std::chrono_literals;

const Instant morning = *parse_instant("2026-01-05T09:00:00Z");
const Principal maria{AgencyId{named_uuid({}, "agency")}, PrincipalKind::user, "maria", {"tickets.read", "x.write"}};

TEST(Base64url, IsStrict) {
  for (const std::string& bytes :
       {std::string(""), std::string("f"), std::string("fo"), std::string("foo\xff\x00", 5)}) {
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_FALSE(from_base64url("-_8="));  // padding
  EXPECT_FALSE(from_base64url("-_9"));   // the same bytes with other bits left over
  EXPECT_FALSE(from_base64url("A"));     // no whole byte
  EXPECT_FALSE(from_base64url("+/8"));   // the other alphabet
  EXPECT_FALSE(from_base64url("AA A"));
}

TEST(Token, StatesWhoAndUntilWhen) {
  const TokenSigner signer = TokenSigner::with_new_key();
  const auto verifier = *TokenVerifier::from_pems({signer.public_key_pem()});
  const auto identity = verifier.verify(*signer.sign(maria, morning), morning + 1s);
  ASSERT_TRUE(identity) << describe(identity.error());
  EXPECT_EQ(identity->who.agency, maria.agency);
  EXPECT_EQ(identity->who.kind, maria.kind);
  EXPECT_EQ(identity->who.id, maria.id);
  EXPECT_EQ(identity->who.permissions, maria.permissions);
  EXPECT_EQ(identity->expires, morning + 5min);
}

TEST(Token, LivesFromItsIssueToItsExpiry) {
  const TokenSigner signer = TokenSigner::with_new_key();
  const auto verifier = *TokenVerifier::from_pems({signer.public_key_pem()});
  const std::string token = *signer.sign(maria, morning);
  EXPECT_TRUE(verifier.verify(token, morning - 30s));
  EXPECT_EQ(verifier.verify(token, morning - 31s).error().reason, Reason::credentials_invalid);
  EXPECT_TRUE(verifier.verify(token, morning + 5min - 1s));
  EXPECT_EQ(verifier.verify(token, morning + 5min).error().reason, Reason::token_expired);
}

TEST(Token, AnyOfSeveralKeysVerifies) {
  const TokenSigner old_key = TokenSigner::with_new_key();
  const TokenSigner new_key = *TokenSigner::from_pem(TokenSigner::with_new_key().private_key_pem());
  const auto verifier = *TokenVerifier::from_pems({old_key.public_key_pem(), new_key.public_key_pem()});
  EXPECT_TRUE(verifier.verify(*old_key.sign(maria, morning), morning));
  EXPECT_TRUE(verifier.verify(*new_key.sign(maria, morning), morning));
  EXPECT_FALSE(verifier.verify(*TokenSigner::with_new_key().sign(maria, morning), morning));
}

TEST(Token, NoChangedCharacterGoesUnnoticed) {
  const TokenSigner signer = TokenSigner::with_new_key();
  const auto verifier = *TokenVerifier::from_pems({signer.public_key_pem()});
  const std::string token = *signer.sign(maria, morning);
  for (size_t index = 0; index < token.size(); ++index) {
    std::string changed = token;
    changed[index] = changed[index] == 'A' ? 'B' : 'A';
    const auto verdict = verifier.verify(changed, morning);
    ASSERT_FALSE(verdict) << "at " << index;
    ASSERT_EQ(verdict.error().reason, Reason::credentials_invalid);
    ASSERT_FALSE(verifier.verify(token.substr(0, index), morning)) << "cut at " << index;
  }
  EXPECT_FALSE(verifier.verify(token + ".", morning));
  EXPECT_FALSE(verifier.verify(token + "=", morning));
}

TEST(Token, TheAlgorithmIsNotNegotiable) {
  const TokenSigner signer = TokenSigner::with_new_key();
  const auto verifier = *TokenVerifier::from_pems({signer.public_key_pem()});
  const std::string token = *signer.sign(maria, morning);
  const std::string payload = token.substr(token.find('.'), token.rfind('.') - token.find('.'));
  for (const std::string& header :
       {std::string(R"({"alg":"none"})"), R"({"alg":"none","kid":")" + signer.key_id() + R"("})",
        R"({"alg":"HS256","kid":")" + signer.key_id() + R"("})", std::string(R"(["alg"])"), std::string("{")}) {
    EXPECT_FALSE(verifier.verify(to_base64url(header) + payload + token.substr(token.rfind('.')), morning)) << header;
    EXPECT_FALSE(verifier.verify(to_base64url(header) + payload + ".", morning)) << header;
  }
}

TEST(Token, HasALimit) {
  const TokenSigner signer = TokenSigner::with_new_key();
  const auto verifier = *TokenVerifier::from_pems({signer.public_key_pem()});
  Principal greedy = maria;
  greedy.permissions = Permissions(std::vector<std::string>(400, "tickets.read"));
  EXPECT_EQ(signer.sign(greedy, morning).error().reason, Reason::field_too_long);
  EXPECT_FALSE(verifier.verify(std::string(token_limit_bytes + 1, 'A'), morning));
}

TEST(Token, OnlyEd25519KeysAreTaken) {
  EXPECT_EQ(TokenSigner::from_pem("no PEM").error().reason, Reason::setting_invalid);
  EXPECT_EQ(TokenVerifier::from_pems({}).error().reason, Reason::setting_invalid);
  // The type matters: a key of another type would verify with another algorithm.
  const std::string rsa_512 =
      "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJv8ZpB5hEK7qxP9K3v43hUS5fGT4waK\n"
      "e7ix4Z4mu5UBv+cw7WSFAt0Vaag0sAbsPzU8Hhsrj/qPABvfB8asUwcCAwEAAQ==\n-----END PUBLIC KEY-----\n";
  const auto refused = TokenVerifier::from_pems({rsa_512});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("Ed25519"), std::string::npos) << refused.error().message;
}

TEST(ApiKey, IsRecognisedAndOnlyItsHashIsNeeded) {
  std::set<std::string> seen;
  for (int index = 0; index < 1000; ++index) {
    const NewApiKey key = make_api_key();
    EXPECT_EQ(key.text.size(), api_key_length);
    const auto parts = parse_api_key(key.text);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->id, key.id);
    EXPECT_TRUE(matches(parts->secret, key.hash));
    EXPECT_FALSE(matches(key.id, key.hash));
    EXPECT_TRUE(seen.insert(key.id).second);
  }
}

TEST(ApiKey, NothingElseIsOne) {
  const std::string key = make_api_key().text;
  EXPECT_FALSE(parse_api_key(""));
  EXPECT_FALSE(parse_api_key(key + "x"));
  EXPECT_FALSE(parse_api_key(key.substr(1)));
  EXPECT_FALSE(parse_api_key("hfx" + key.substr(3)));
  for (const size_t index : {size_t{4}, size_t{26}, size_t{27}, key.size() - 1}) {
    std::string changed = key;
    changed[index] = '-';
    EXPECT_FALSE(parse_api_key(changed)) << index;
  }
}

// An authenticator, and how often it asked for a key.
struct AuthenticatorTest : ::testing::Test {
  testing::FakeClock clock{morning};
  TokenSigner signer = TokenSigner::with_new_key();
  std::atomic<int> asked{0};
  ExchangeKey answer = [this](const Call&, std::string_view) { return signer.sign(maria, clock.now()); };
  Authenticator authenticator{*TokenVerifier::from_pems({signer.public_key_pem()}), clock,
                              [this](const Call& call, std::string_view key) {
                                ++asked;
                                return answer(call, key);
                              }};
  const std::string key = "Bearer " + make_api_key().text;

  static Call call() { return Call{{}, std::chrono::steady_clock::now() + 60s, {}, "test", {}}; }
  Result<Who> ask(const std::string& authorization) { return authenticator.authenticate(authorization, call()); }
};

TEST_F(AuthenticatorTest, RemembersATokenUntilItExpires) {
  const std::string token = "bearer " + *signer.sign(maria, morning);
  EXPECT_FALSE(authenticator.recall(token)) << "never seen before";
  ASSERT_TRUE(ask(token));
  const auto known = authenticator.recall(token);
  ASSERT_TRUE(known && *known);
  EXPECT_EQ((**known)->id, "maria");
  clock.advance(token_lifetime);
  EXPECT_FALSE(authenticator.recall(token));
  EXPECT_EQ(ask(token).error().reason, Reason::token_expired);
}

TEST_F(AuthenticatorTest, DoesNotMistakeOneTokenForAnother) {
  Principal other = maria;
  for (int index = 0; index < 3000; ++index) {
    other.id = "user-" + std::to_string(index);
    const auto who = ask("Bearer " + *signer.sign(other, morning));
    ASSERT_TRUE(who);
    ASSERT_EQ((*who)->id, other.id);
  }
}

TEST_F(AuthenticatorTest, RefusesWhatIsNoCredential) {
  EXPECT_EQ(ask("").error().reason, Reason::credentials_missing);
  for (const char* wrong : {"Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer hfk_short"}) {
    EXPECT_EQ(ask(wrong).error().reason, Reason::credentials_invalid) << wrong;
  }
  EXPECT_EQ(ask("Bearer " + std::string(100'000, 'a')).error().reason, Reason::credentials_invalid);
  EXPECT_EQ(asked, 0);
}

TEST_F(AuthenticatorTest, AsksForAKeyOnceAMinute) {
  EXPECT_TRUE(ask(key));
  clock.advance(Authenticator::key_lifetime - 1s);
  EXPECT_TRUE(ask(key));
  EXPECT_EQ(asked, 1);
  clock.advance(1s);
  EXPECT_TRUE(ask(key));
  EXPECT_EQ(asked, 2);
}

TEST_F(AuthenticatorTest, RemembersARefusalForFiveSeconds) {
  answer = [](const Call&, std::string_view) -> Result<std::string> {
    return fail(Reason::credentials_invalid, "revoked");
  };
  EXPECT_EQ(ask(key).error().reason, Reason::credentials_invalid);
  clock.advance(Authenticator::refusal_lifetime - 1s);
  EXPECT_EQ(ask(key).error().reason, Reason::credentials_invalid);
  EXPECT_EQ(asked, 1);
  clock.advance(1s);
  EXPECT_FALSE(ask(key));
  EXPECT_EQ(asked, 2);
}

TEST_F(AuthenticatorTest, AnOutageIsNoRefusal) {
  answer = [](const Call&, std::string_view) -> Result<std::string> {
    return fail(Reason::dependency_unavailable, "accounts does not answer");
  };
  EXPECT_EQ(ask(key).error().reason, Reason::dependency_unavailable);
  answer = [this](const Call&, std::string_view) { return signer.sign(maria, clock.now()); };
  EXPECT_TRUE(ask(key));
}

TEST_F(AuthenticatorTest, AThrowingExchangeLeavesNobodyWaiting) {
  answer = [](const Call&, std::string_view) -> Result<std::string> { throw std::runtime_error("broken"); };
  EXPECT_EQ(ask(key).error().reason, Reason::internal);
  EXPECT_EQ(ask(key).error().reason, Reason::internal);
}

TEST_F(AuthenticatorTest, AsksOnceForAKeyThatManyCallersBring) {
  std::latch begun(1);
  std::latch may_end(1);
  answer = [&](const Call&, std::string_view) {
    begun.count_down();
    may_end.wait();
    return signer.sign(maria, clock.now());
  };
  std::vector<std::future<Result<Who>>> callers;
  callers.push_back(std::async(std::launch::async, [&] { return ask(key); }));
  begun.wait();
  for (int index = 0; index < 8; ++index) {
    callers.push_back(std::async(std::launch::async, [&] { return ask(key); }));
  }
  // One that comes meanwhile and has no patience is not kept.
  Call impatient = call();
  impatient.deadline = std::chrono::steady_clock::now();
  const auto given_up = authenticator.authenticate(key, impatient);
  EXPECT_EQ(given_up.error().reason, Reason::deadline_exceeded);
  may_end.count_down();
  for (auto& caller : callers) EXPECT_TRUE(caller.get());
  EXPECT_EQ(asked, 1);
}

TEST_F(AuthenticatorTest, AFloodOfWrongKeysPushesOutNoToken) {
  const std::string token = "Bearer " + *signer.sign(maria, morning);
  ASSERT_TRUE(ask(token));
  answer = [](const Call&, std::string_view) -> Result<std::string> {
    return fail(Reason::credentials_invalid, "no such key");
  };
  for (int index = 0; index < 20'000; ++index) (void)ask("Bearer " + make_api_key().text);
  EXPECT_TRUE(authenticator.recall(token));
}

TEST(Authenticator, WithoutAnExchangeTakesTokensOnly) {
  testing::FakeClock clock{morning};
  const TokenSigner signer = TokenSigner::with_new_key();
  Authenticator authenticator(*TokenVerifier::from_pems({signer.public_key_pem()}), clock);
  const Call call{{}, std::chrono::steady_clock::now() + 60s, {}, "test", {}};
  EXPECT_EQ(authenticator.authenticate("Bearer " + make_api_key().text, call).error().reason,
            Reason::credentials_invalid);
  EXPECT_TRUE(authenticator.authenticate("Bearer " + *signer.sign(maria, morning), call));
}

}  // namespace
}  // namespace holdfast::auth
