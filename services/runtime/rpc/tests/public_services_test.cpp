// Health and reflection, asked byte by byte: Debian has no C++ package of their protos.
#include <gmock/gmock.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <thread>

#include "runtime/rpc/tests/echo_server.h"

namespace holdfast::rpc::tests {
namespace {

using ::testing::HasSubstr;

const std::string serving("\x08\x01", 2);      // HealthCheckResponse{status: SERVING}
const std::string not_serving("\x08\x02", 2);  // HealthCheckResponse{status: NOT_SERVING}

// HealthCheckRequest{service}, or any message whose field 1 is a short text.
std::string with_field_1(const std::string& text) {
  return "\x0a" + std::string(1, static_cast<char>(text.size())) + text;
}

TEST(Health, NeedsNoCredentialsAndKnowsEveryService) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  for (const std::string& service : {std::string(), echo_service}) {
    std::string answer;
    EXPECT_TRUE(echo.send("grpc.health.v1.Health/Check", with_field_1(service), "", &answer).ok());
    EXPECT_EQ(answer, serving) << service;
  }
  EXPECT_EQ(echo.send("grpc.health.v1.Health/Check", with_field_1("no.such.Service"), "").error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST(Health, SaysNotServingWhileTheLastCallsFinish) {
  EchoServer echo;
  Gate gate;
  echo.handle = [&](Call&, const EchoRequest&) -> Result<EchoResponse> {
    gate.pass();
    return EchoResponse();
  };
  ASSERT_TRUE(echo.start());
  // A load balancer watches on the connection that it has: the listening socket closes with the drain.
  const auto channel = grpc::CreateChannel(echo.address(), grpc::InsecureChannelCredentials());
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  auto watch = stub.PrepareCall(&context, "/grpc.health.v1.Health/Watch", &queue);
  const auto completed = [&] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto read = [&] {
    grpc::ByteBuffer bytes;
    watch->Read(&bytes, nullptr);
    if (!completed()) return std::string("no answer");
    grpc::Slice slice;
    EXPECT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
    return std::string(slice.begin(), slice.end());
  };
  watch->StartCall(nullptr);
  ASSERT_TRUE(completed());
  const grpc::Slice slice(with_field_1(echo_service));
  watch->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
  ASSERT_TRUE(completed());
  EXPECT_EQ(read(), serving);
  std::jthread running([&] { EXPECT_TRUE(echo.client().call<EchoResponse>(read_method, patient_call(), saying(""))); });
  gate.reached.acquire();
  std::jthread draining([&] { echo.server->drain(std::chrono::steady_clock::now() + 60s); });
  EXPECT_EQ(read(), not_serving);
  context.TryCancel();
  gate.opened.release();
  draining.join();
  queue.Shutdown();
}

// One message out, one message in, on ServerReflection's bidirectional stream.
std::string reflected(const EchoServer& echo, const std::string& request) {
  const auto channel = grpc::CreateChannel(echo.address(), grpc::InsecureChannelCredentials());
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 60s);
  auto stream = stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  const auto wait = [&] {
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok) && ok);
  };
  stream->StartCall(nullptr);
  wait();
  const grpc::Slice slice(request);
  stream->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
  wait();
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  wait();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  wait();
  EXPECT_TRUE(status.ok()) << status.error_message();
  grpc::Slice whole;
  EXPECT_TRUE(answer.DumpToSingleSlice(&whole).ok());
  return {whole.begin(), whole.end()};
}

TEST(Reflection, ListsAndDescribesOurServicesWithoutCredentials) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const std::string services = reflected(echo, std::string("\x3a\x00", 2));  // list_services: ""
  EXPECT_THAT(services, HasSubstr(echo_service));
  EXPECT_THAT(services, HasSubstr("grpc.health.v1.Health"));
  const std::string symbol = "\x22" + std::string(1, static_cast<char>(echo_service.size())) + echo_service;
  EXPECT_THAT(reflected(echo, symbol), HasSubstr("EchoRequest"));  // file_containing_symbol
}

}  // namespace
}  // namespace holdfast::rpc::tests
