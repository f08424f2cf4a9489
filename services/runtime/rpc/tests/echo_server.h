#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <optional>
#include <semaphore>
#include <string>

#include "echo.pb.h"
#include "runtime/auth/authenticator.h"
#include "runtime/metrics/metrics.h"
#include "runtime/rpc/client.h"
#include "runtime/rpc/server.h"
#include "runtime/testing/fake_clock.h"

namespace holdfast::rpc::tests {

using namespace std::chrono_literals;

inline const std::string echo_service = "holdfast.rpc.tests.EchoService";
inline const std::string read_method = echo_service + "/Read";
inline const std::string write_method = echo_service + "/Write";
inline const std::string greet_method = echo_service + "/Greet";

inline const Principal reader{AgencyId{named_uuid({}, "agency")}, PrincipalKind::integration, "reader", {"echo.read"}};

template <class T>
Reason reason_of(const Result<T>& result) {
  EXPECT_FALSE(result) << "a refusal was expected";
  return result ? Reason::internal : result.error().reason;
}

// The call that a test makes: enough patience that no slow machine ends it.
inline Call patient_call() {
  return Call{reader, std::chrono::steady_clock::now() + 60s, {}, to_string(new_uuid()), {}};
}

// Lets a handler stop where a test wants it, and the test know that it got there.
struct Gate {
  std::counting_semaphore<> reached{0};
  std::counting_semaphore<> opened{0};

  void pass() {
    reached.release();
    opened.acquire();
  }
};

// A real server on a free port of the loopback, with real tokens.
struct EchoServer {
  using Handle = std::function<Result<EchoResponse>(Call&, const EchoRequest&)>;

  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  auth::TokenSigner signer = auth::TokenSigner::with_new_key();
  auth::ExchangeKey exchange_key = [](const Call&, std::string_view) -> Result<std::string> {
    return fail(Reason::credentials_invalid, "no such key");
  };
  auth::Authenticator authenticator{*auth::TokenVerifier::from_pems({signer.public_key_pem()}), clock,
                                    [this](const Call& call, std::string_view key) { return exchange_key(call, key); }};
  Handle handle = [](Call& call, const EchoRequest& request) -> Result<EchoResponse> {
    EchoResponse response;
    response.set_text(request.text());
    response.set_caller(call.who.id);
    response.set_request_id(call.request_id);
    response.set_traceparent(call.traceparent);
    return response;
  };
  std::function<StoredBytes(Call&, const EchoRequest&)> recall = [](Call&, const EchoRequest&) { return nullptr; };
  std::atomic<int> handled{0};
  metrics::Registry registry;
  std::optional<Server> server;

  Result<> start(ServerSettings settings = {}) {
    server.emplace(settings, authenticator, registry);
    auto& service = server->add_service(echo_service);
    const auto handler = [this](Call& call, const EchoRequest& request) {
      ++handled;
      return handle(call, request);
    };
    service.on<EchoRequest, EchoResponse>("Read", handler);
    service.fast<EchoRequest>("Read", [this](Call& call, const EchoRequest& request) { return recall(call, request); });
    service.on<EchoRequest, EchoResponse>("Write", handler);
    service.on_bytes("Greet", [handler](Call& call, const google::protobuf::Message& request) -> Result<std::string> {
      const EchoResponse response = TRY(handler(call, static_cast<const EchoRequest&>(request)));
      return response.SerializeAsString();
    });
    return server->start();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(server->port()); }
  std::string token(const Principal& who = reader) const { return "Bearer " + *signer.sign(who, clock.now()); }

  Client client() const { return client_with(token()); }
  Client client_with(std::string authorization) const {
    return *Client::open({.target = address()},
                         [authorization](const Call&) -> Result<std::string> { return authorization; });
  }

  // Sends bytes as they are, as a client would that has nothing of ours.
  grpc::Status send(const std::string& method, const std::string& bytes, const std::string& authorization,
                    std::string* answer = nullptr, grpc::ClientContext* given = nullptr) const {
    grpc::ClientContext own;
    grpc::ClientContext& context = given == nullptr ? own : *given;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    if (!authorization.empty()) context.AddMetadata("authorization", authorization);
    const auto channel = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    const std::string path = "/" + method;
    const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
    grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
        channel.get(), rpc, &context, request, &response);
    if (answer != nullptr && status.ok()) {
      grpc::Slice whole;
      if (response.DumpToSingleSlice(&whole).ok()) answer->assign(whole.begin(), whole.end());
    }
    return status;
  }
};

inline EchoRequest saying(std::string text) {
  EchoRequest request;
  request.set_text(std::move(text));
  return request;
}

}  // namespace holdfast::rpc::tests
