#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string_view>

#include "runtime/core/call.h"
#include "runtime/rpc/answer.h"
#include "runtime/rpc/executor.h"
#include "runtime/rpc/method.h"
#include "runtime/rpc/observer.h"

namespace holdfast::auth {
class Authenticator;
}

namespace holdfast::rpc {

// What every call of a server shares.
struct Adapter {
  auth::Authenticator& authenticator;
  Executor& executor;
  Executor& executor_for_services;  // of methods that declare for_services
  CallLog& log;
  metrics::Counter expired_in_queue;
  metrics::Counter late;
  std::chrono::milliseconds default_deadline;
  std::chrono::milliseconds longest_deadline;
  size_t message_limit_bytes;
  std::atomic<bool> draining{false};
};

// One RPC, from its metadata to its status; the same for every method. It owns itself: gRPC says with OnDone when
// nothing refers to it any more. Every path ends in exactly one finish().
class UnaryCall final : public grpc::ServerUnaryReactor, private Job {
 public:
  UnaryCall(Adapter& adapter, Method& method, grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
            Answer& answer);

  // On gRPC's callback thread; never blocks. Answers at once, or leaves the rest to the executor.
  void begin() noexcept;

 private:
  // Runs on the executor; may block.
  bool run() noexcept override;
  void refuse() noexcept override;

  void read_metadata();
  void read_deadline();
  bool answered_at_once();
  Result<> still_wanted();
  Result<> handle();
  Result<> authorise(const Principal& who);
  Result<> parse();
  void finish(const Result<>& outcome);

  void OnDone() override { delete this; }
  void OnCancel() override { stop_.request_stop(); }
  // Both reactions above are trivial, so gRPC need not send them to another thread (which costs one more hop a call).
  bool InternalInlineable() override { return true; }

  Adapter& adapter_;
  Method& method_;
  grpc::CallbackServerContext& context_;
  const grpc::ByteBuffer& request_bytes_;
  Answer& answer_;

  const std::chrono::steady_clock::time_point began_;
  std::stop_source stop_{std::nostopstate};  // until the executor has this: nobody can be stopped who never waits
  Call call_;
  std::string_view authorization_;  // lives as long as the context
  bool authorised_;
  std::unique_ptr<const google::protobuf::Message> request_;  // once parsed
};

}  // namespace holdfast::rpc
