#include "runtime/rpc/rpc_settings.h"

#include <gtest/gtest.h>

namespace holdfast::rpc {
namespace {

TEST(RpcSettings, EachReachesTheServer) {
  config::Settings settings;
  const RpcSettings rpc{settings.section("grpc")};
  const std::vector<std::string> arguments{"--grpc.address=unix:/run/rpc",
                                           "--grpc.threads=3",
                                           "--grpc.queue_length=4",
                                           "--grpc.queue_mib=5",
                                           "--grpc.message_limit_bytes=6000",
                                           "--grpc.success_line_interval=7",
                                           "--grpc.default_deadline_ms=8",
                                           "--grpc.longest_deadline_ms=9",
                                           "--grpc.tls_certificate=certificate",
                                           "--grpc.tls_private_key=key",
                                           "--grpc.tls_authorities=authorities"};
  const auto loaded = settings.load(arguments, {});
  ASSERT_TRUE(loaded) << describe(loaded.error());
  const ServerSettings server = *rpc.server();
  EXPECT_EQ(server.address, "unix:/run/rpc");
  EXPECT_EQ(server.threads, 3);
  EXPECT_EQ(server.queue_length, 4);
  EXPECT_EQ(server.queue_mib, 5);
  EXPECT_EQ(server.message_limit_bytes, 6000);
  EXPECT_EQ(server.success_line_interval, 7);
  EXPECT_EQ(server.default_deadline_ms.count(), 8);
  EXPECT_EQ(server.longest_deadline_ms.count(), 9);
  ASSERT_TRUE(server.tls);
  EXPECT_EQ(server.tls->certificate, "certificate");
  EXPECT_EQ(server.tls->private_key, "key");
  EXPECT_EQ(server.tls->authorities, "authorities");
}

struct RpcSettingsTest : ::testing::Test {
  void load(const std::vector<std::string>& arguments) {
    const auto loaded = settings.load(arguments, {});
    ASSERT_TRUE(loaded) << describe(loaded.error());
  }
  config::Settings settings;
  const RpcSettings rpc{settings.section("grpc")};
};

TEST_F(RpcSettingsTest, WithoutACertificateIsPlainTextForThisMachineAlone) {
  load({});
  EXPECT_FALSE(rpc.server()->tls);
  for (const auto* own : {"127.0.0.1:0", "127.0.0.2:7410", "localhost:7410", "[::1]:7410", "unix:/run/rpc"}) {
    EXPECT_TRUE(is_loopback(own)) << own;
  }
  for (const auto* open : {"0.0.0.0:7410", "[::]:7410", "10.0.0.1:7410", "tickets:7410", "127.example:1"}) {
    EXPECT_FALSE(is_loopback(open)) << open;
  }
}

TEST_F(RpcSettingsTest, PlainTextBeyondTheLoopbackIsRefused) {
  load({"--grpc.address=0.0.0.0:7410"});
  const auto server = rpc.server();
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().reason, Reason::setting_invalid);
}

TEST_F(RpcSettingsTest, UnlessItIsToldSo) {
  load({"--grpc.address=0.0.0.0:7410", "--grpc.plain_text_allowed=true"});
  EXPECT_TRUE(rpc.server());
}

TEST_F(RpcSettingsTest, OrThereIsACertificate) {
  load({"--grpc.address=0.0.0.0:7410", "--grpc.tls_certificate=c", "--grpc.tls_private_key=k"});
  EXPECT_TRUE(rpc.server());
  EXPECT_FALSE(rpc.client("")) << "its own server would not understand its services' calls";
  const auto client = rpc.client("tickets:7410");
  ASSERT_FALSE(client) << "a certificate for callers protects no call";
  EXPECT_EQ(client.error().reason, Reason::setting_invalid);
}

TEST_F(RpcSettingsTest, WithoutAuthoritiesPeersOfThisMachineAloneAreCalled) {
  load({});
  for (const auto* own : {"", "127.0.0.1:7410", "dns:///localhost:7410", "[::1]:7410", "unix:/run/rpc"}) {
    EXPECT_TRUE(rpc.client(own)) << own;
  }
  for (const auto* open : {"accounts:7410", "dns:///accounts:7410", "10.0.0.1:7410", "ipv4:10.0.0.1:7410"}) {
    EXPECT_FALSE(rpc.client(open)) << open;
  }
}

TEST_F(RpcSettingsTest, UnlessTheNetworkKeepsOthersOut) {
  load({"--grpc.plain_text_allowed=true"});
  EXPECT_TRUE(rpc.client("dns:///accounts:7410"));
}

TEST_F(RpcSettingsTest, ACertificateHasItsKey) {
  load({"--grpc.tls_certificate=c"});
  EXPECT_FALSE(rpc.server());
}

TEST_F(RpcSettingsTest, CallersAreAskedForCertificatesByTlsAlone) {
  load({"--grpc.tls_authorities=a"});
  EXPECT_FALSE(rpc.server()) << "plain text asks nobody";
}

TEST_F(RpcSettingsTest, PeersAreCalledAsWhoThisProcessIs) {
  load({"--grpc.tls_certificate=c", "--grpc.tls_private_key=k", "--grpc.peer_authorities=p", "--grpc.peer_name=n"});
  const auto own = *rpc.client("");
  EXPECT_EQ(own.target, "127.0.0.1:7410");
  const auto client = *rpc.client("accounts:7410");
  EXPECT_EQ(client.target, "accounts:7410");
  EXPECT_EQ(client.tls_name, "n");
  ASSERT_TRUE(client.tls);
  EXPECT_EQ(client.tls->certificate, "c");
  EXPECT_EQ(client.tls->private_key, "k");
  EXPECT_EQ(client.tls->authorities, "p");
}

}  // namespace
}  // namespace holdfast::rpc
