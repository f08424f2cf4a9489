#include "runtime/rpc/rpc_settings.h"

#include <gtest/gtest.h>

namespace holdfast::rpc {
namespace {

TEST(RpcSettings, EachReachesTheServer) {
  config::Settings settings;
  const RpcSettings rpc{settings.section("rpc")};
  const std::vector<std::string> arguments{"--rpc.address=unix:/run/rpc",
                                           "--rpc.threads=3",
                                           "--rpc.queue_length=4",
                                           "--rpc.queue_mib=5",
                                           "--rpc.message_limit_bytes=6000",
                                           "--rpc.success_line_interval=7",
                                           "--rpc.default_deadline_ms=8",
                                           "--rpc.longest_deadline_ms=9",
                                           "--rpc.tls_certificate=certificate",
                                           "--rpc.tls_private_key=key",
                                           "--rpc.tls_authorities=authorities"};
  const auto loaded = settings.load(arguments, {});
  ASSERT_TRUE(loaded) << describe(loaded.error());
  const ServerSettings server = rpc.server();
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

TEST(RpcSettings, WithoutACertificateIsPlainText) {
  config::Settings settings;
  const RpcSettings rpc{settings.section("rpc")};
  ASSERT_TRUE(settings.load({}, {}));
  EXPECT_FALSE(rpc.server().tls);
}

}  // namespace
}  // namespace holdfast::rpc
