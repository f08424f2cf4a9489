// What operators see of a call: numbers and a log line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/log/log.h"
#include "runtime/rpc/tests/echo_server.h"

namespace holdfast::rpc::tests {
namespace {

using ::testing::HasSubstr;

TEST(Server, CountsEveryCallByMethodAndCode) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  EXPECT_TRUE(echo.send(read_method, "", echo.token()).ok());
  EXPECT_TRUE(echo.send(read_method, "", echo.token()).ok());
  EXPECT_FALSE(echo.send(read_method, "", "").ok());
  echo.server.reset();  // every call is counted by now
  const std::string text = echo.registry.text();
  const std::string method = "method=\"" + read_method + "\"";
  EXPECT_THAT(text, HasSubstr("holdfast_rpc_requests_total{code=\"OK\"," + method + "} 2\n"));
  EXPECT_THAT(text, HasSubstr("holdfast_rpc_requests_total{code=\"UNAUTHENTICATED\"," + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("holdfast_rpc_duration_seconds_count{" + method + "} 3\n"));
}

TEST(Server, LogsTheCallAndWhereItFailed) {
  const log::Capture lines;
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest& request) -> Result<EchoResponse> {
    if (request.text() == "throw") throw std::runtime_error("out of luck");
    return EchoResponse();
  };
  ASSERT_TRUE(echo.start());
  Call call = patient_call();
  call.request_id = "order-17";
  EXPECT_FALSE(echo.client().call<EchoResponse>(read_method, call, saying("throw")));
  EXPECT_TRUE(echo.client().call<EchoResponse>(read_method, call, saying("")));
  echo.server.reset();
  std::string failure;
  for (const std::string& line : lines.lines()) {
    if (line.find("call failed") != line.npos) failure = line;
  }
  EXPECT_THAT(failure, HasSubstr("\"level\":\"error\""));
  EXPECT_THAT(failure, HasSubstr("order-17"));
  EXPECT_THAT(failure, HasSubstr(to_string(reader.agency)));
  EXPECT_THAT(failure, HasSubstr(read_method));
  EXPECT_THAT(failure, HasSubstr("out of luck"));
  EXPECT_TRUE(lines.contains("call answered"));
}

}  // namespace
}  // namespace holdfast::rpc::tests
