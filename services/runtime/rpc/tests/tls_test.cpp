#include "runtime/rpc/tls.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "runtime/rpc/rpc_settings.h"
#include "runtime/rpc/tests/echo_server.h"
#include "runtime/testing/certificate.h"

namespace holdfast::rpc::tests {
namespace {

// A folder with the certificates of one authority of its own: that of 127.0.0.1, which vouches for itself.
struct TlsTest : ::testing::Test {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("holdfast-tls-" + std::to_string(getpid()));

  void SetUp() override { std::filesystem::create_directories(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  TlsFiles identity(const std::string& name, const std::string& bears = "IP:127.0.0.1") const {
    TlsFiles files{folder / (name + ".pem"), folder / (name + ".key"), folder / (name + ".pem")};
    testing::make_certificate(files.certificate, files.private_key, bears);
    return files;
  }

  static Result<EchoResponse> ask(const EchoServer& echo, std::optional<TlsFiles> tls) {
    const Client client = *Client::open({.target = echo.address(), .attempts = 1, .tls = std::move(tls)},
                                        [&](const Call&) -> Result<std::string> { return echo.token(); });
    return client.call<EchoResponse>(read_method, patient_call(), saying("secret"));
  }
};

TEST_F(TlsTest, BothSidesMustBeVouchedFor) {
  const TlsFiles ours = identity("ours");
  const TlsFiles stranger = identity("stranger");
  EchoServer echo;
  ASSERT_TRUE(echo.start({.tls = ours}));
  const auto answer = ask(echo, ours);
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(answer->text(), "secret");

  EXPECT_FALSE(ask(echo, std::nullopt)) << "plain text";
  EXPECT_FALSE(ask(echo, TlsFiles{"", "", ours.authorities})) << "a client without a certificate";
  EXPECT_FALSE(ask(echo, TlsFiles{stranger.certificate, stranger.private_key, ours.authorities})) << "a stranger";
  EXPECT_FALSE(ask(echo, TlsFiles{ours.certificate, ours.private_key, stranger.authorities})) << "a strange server";
  EXPECT_EQ(echo.handled, 1);
}

// As two processes of one installation would.
TEST_F(TlsTest, TheSettingsOfProcessesThatCallEachOtherAgree) {
  const TlsFiles ours = identity("ours", "DNS:tickets.holdfast");
  config::Settings settings;
  const RpcSettings rpc{settings.section("grpc")};
  const std::vector<std::string> arguments{"--grpc.address=127.0.0.1:0",
                                           "--grpc.tls_certificate=" + ours.certificate,
                                           "--grpc.tls_private_key=" + ours.private_key,
                                           "--grpc.tls_authorities=" + ours.authorities,
                                           "--grpc.peer_authorities=" + ours.authorities,
                                           "--grpc.peer_name=tickets.holdfast"};
  ASSERT_TRUE(settings.load(arguments, {}));
  EchoServer echo;
  ASSERT_TRUE(echo.start(*rpc.server()));
  auto calling = *rpc.client(echo.address());
  calling.attempts = 1;
  const Client named = *Client::open(calling, [&](const Call&) -> Result<std::string> { return echo.token(); });
  const auto answer = named.call<EchoResponse>(read_method, patient_call(), saying("secret"));
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(answer->text(), "secret");

  calling.tls_name = "";
  const Client unnamed = *Client::open(calling, [&](const Call&) -> Result<std::string> { return echo.token(); });
  EXPECT_FALSE(unnamed.call<EchoResponse>(read_method, patient_call(), saying("secret")))
      << "the certificate is not that of 127.0.0.1";
}

TEST_F(TlsTest, FilesThatCannotBeReadRefuseTheStart) {
  EchoServer echo;
  const auto started = echo.start({.tls = TlsFiles{folder / "none.pem", folder / "none.key", ""}});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().reason, Reason::setting_invalid);
  EXPECT_NE(started.error().message.find("none.pem"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::rpc::tests
