#include "command_line/installation.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runtime/auth/token.h"
#include "runtime/testing/fake_clock.h"

namespace holdfast::command_line {
namespace {

using std::chrono::minutes;

struct InstallationTest : ::testing::Test {
  ~InstallationTest() override { std::filesystem::remove_all(state); }

  void write_key(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(state / "keys");
    std::ofstream file(state / "keys" / name);
    file << text;
    file.close();
    std::filesystem::permissions(state / "keys" / name, std::filesystem::perms::owner_read);
  }

  const std::filesystem::path state = std::filesystem::path(::testing::TempDir()) / "installation_test";
  testing::FakeClock clock{Instant{std::chrono::hours(24 * 365 * 56)}};
};

TEST_F(InstallationTest, ACommandMayOutliveItsFirstToken) {
  const auto signer = auth::TokenSigner::with_new_key();
  const auto verifier = *auth::TokenVerifier::from_pems({signer.public_key_pem()});
  write_key("signing_key.pem", signer.private_key_pem());
  const auto authorization = *Installation({.state = state}).authorization(Identity::installation, clock);
  const auto token = [&] { return authorization(Call{})->substr(std::string("Bearer ").size()); };

  const auto first = token();
  EXPECT_TRUE(verifier.verify(first, clock.now()));
  clock.advance(minutes(10));
  EXPECT_FALSE(verifier.verify(first, clock.now()));
  EXPECT_TRUE(verifier.verify(token(), clock.now()));
}

TEST_F(InstallationTest, AnAgencysKeyGoesOutAsItIs) {
  write_key("agency.key", "hf_key\n");
  EXPECT_EQ(*(*Installation({.state = state}).authorization(Identity::agency, clock))(Call{}), "Bearer hf_key");
}

TEST_F(InstallationTest, WithoutAKeyNothingGoesOut) {
  EXPECT_EQ(Installation({.state = state}).authorization(Identity::agency, clock).error().reason, Reason::key_missing);
}

}  // namespace
}  // namespace holdfast::command_line
