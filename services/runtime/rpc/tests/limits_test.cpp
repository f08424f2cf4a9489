#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runtime/log/log.h"
#include "runtime/rpc/server.h"
#include "runtime/rpc/tests/echo_server.h"

namespace holdfast::rpc::tests {
namespace {

TEST(Server, RefusesTextsAndMessagesBeyondTheirLimits) {
  EchoServer echo;
  ASSERT_TRUE(echo.start({.message_limit_bytes = 1 << 20}));
  const Client client = echo.client();
  EXPECT_TRUE(client.call<EchoResponse>(read_method, patient_call(), saying(std::string(64 << 10, 'x'))));

  EchoRequest request;
  request.add_texts("short");
  request.mutable_nested()->add_texts(std::string((64 << 10) + 1, 'x'));
  const auto too_long = client.call<EchoResponse>(read_method, patient_call(), request);
  EXPECT_EQ(reason_of(too_long), Reason::field_too_long);
  EXPECT_EQ(too_long.error().fields.at(0).field, "nested.texts[0]");

  EchoRequest with_nul;
  with_nul.mutable_nested()->add_texts(std::string("a\0b", 3));
  const auto refused = client.call<EchoResponse>(read_method, patient_call(), with_nul);
  EXPECT_EQ(reason_of(refused), Reason::field_invalid);
  EXPECT_EQ(refused.error().fields.at(0).field, "nested.texts[0]");
  EchoRequest bytes;
  bytes.set_content(std::string("a\0b", 3));
  EXPECT_TRUE(client.call<EchoResponse>(read_method, patient_call(), bytes)) << "bytes are no text";

  EchoRequest large;
  large.set_content(std::string(1 << 19, 'x'));
  EXPECT_TRUE(client.call<EchoResponse>(read_method, patient_call(), large));
  large.set_content(std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(reason_of(client.call<EchoResponse>(read_method, patient_call(), large)), Reason::message_too_large);
  large.set_content(std::string(3 << 20, 'x'));  // this one gRPC refuses before we see it
  EXPECT_EQ(reason_of(client.call<EchoResponse>(read_method, patient_call(), large)), Reason::message_too_large);
}

// Up to four times the limit it is we who refuse, and say what is so large.
TEST(Server, AMessageBeyondItsLimitNamesItsLargestField) {
  EchoServer echo;
  ASSERT_TRUE(echo.start({.message_limit_bytes = 1 << 20}));
  auto request = saying(std::string(3 << 20, 'x'));
  request.set_content("short");
  const auto refused = echo.client().call<EchoResponse>(read_method, patient_call(), request);
  EXPECT_EQ(reason_of(refused), Reason::message_too_large);
  EXPECT_EQ(refused.error().fields.at(0).field, "text");
}

TEST(Server, ACallThatIsTracedHasItsLine) {
  EchoServer echo;
  ASSERT_TRUE(echo.start({.success_line_interval = 1'000'000}));
  const log::Capture log;
  const auto answered_lines = [&](const char* traceparent) {
    Call call = patient_call();
    call.traceparent = traceparent;
    EXPECT_TRUE(echo.client().call<EchoResponse>(read_method, call, saying("a")));
    return std::ranges::count_if(log.lines(), [](const std::string& line) {
      return line.find(R"("level":"info")") != line.npos && line.find("call answered") != line.npos &&
             line.find(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")") != line.npos;
    });
  };
  EXPECT_EQ(answered_lines("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"), 0);
  EXPECT_EQ(answered_lines("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), 1);
}

}  // namespace
}  // namespace holdfast::rpc::tests
