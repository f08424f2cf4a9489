// What a program that is put together wrongly is told, and when: at start, not by a user.
#include <gtest/gtest.h>

#include "runtime/rpc/tests/echo_server.h"

namespace holdfast::rpc::tests {
namespace {

struct WiringDeathTest : ::testing::Test {
  WiringDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  EchoServer echo;
  static Result<EchoResponse> answer(Call&, const EchoRequest&) { return EchoResponse(); }
};

TEST_F(WiringDeathTest, AServiceThatNoProtoDeclares) {
  Server server({}, echo.authenticator, echo.registry);
  EXPECT_DEATH(server.add_service("holdfast.rpc.tests.EcoService"), "no proto declares .*EcoService");
}

TEST_F(WiringDeathTest, AMethodWithoutRule) {
  Server server({}, echo.authenticator, echo.registry);
  EXPECT_DEATH(server.add_service("holdfast.rpc.tests.UnruledService"), "UnruledService.Read must declare");
}

TEST_F(WiringDeathTest, AStream) {
  Server server({}, echo.authenticator, echo.registry);
  EXPECT_DEATH(server.add_service("holdfast.rpc.tests.StreamingService"), "StreamingService.Read is a stream");
}

TEST_F(WiringDeathTest, AMethodWithoutHandler) {
  Server server({}, echo.authenticator, echo.registry);
  auto& service = server.add_service(echo_service);
  service.on<EchoRequest, EchoResponse>("Read", &answer);
  service.on<EchoRequest, EchoResponse>("Write", &answer);
  EXPECT_DEATH((void)server.start(), "/holdfast.rpc.tests.EchoService/Greet is declared and has no handler");
}

TEST_F(WiringDeathTest, AHandlerOfAnotherTypeOrASecondOne) {
  Server server({}, echo.authenticator, echo.registry);
  auto& service = server.add_service(echo_service);
  service.on<EchoRequest, EchoResponse>("Read", &answer);
  EXPECT_DEATH((service.on<EchoRequest, EchoResponse>("Read", &answer)), "has a handler already");
  EXPECT_DEATH((service.on<EchoRequest, EchoResponse>("Shout", &answer)), "has no method Shout");
  EXPECT_DEATH((service.on<EchoRequest, EchoRequest>(
                   "Write", [](Call&, const EchoRequest& request) -> Result<EchoRequest> { return request; })),
               "does not return holdfast.rpc.tests.EchoRequest");
  EXPECT_DEATH((service.on<EchoResponse, EchoResponse>(
                   "Write", [](Call&, const EchoResponse& request) -> Result<EchoResponse> { return request; })),
               "does not take holdfast.rpc.tests.EchoResponse");
}

TEST(Wiring, AnAddressThatIsTakenIsASettingToCorrect) {
  EchoServer first;
  ASSERT_TRUE(first.start());
  EchoServer second;
  const auto started = second.start({.address = first.address()});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().reason, Reason::setting_invalid);
  EXPECT_NE(started.error().message.find(first.address()), std::string::npos);
}

}  // namespace
}  // namespace holdfast::rpc::tests
