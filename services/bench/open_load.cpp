#include "bench/open_load.h"

#include <grpc/support/time.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <memory>

namespace holdfast::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Asking {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  Clock::time_point began;
};

class Crowd {
 public:
  explicit Crowd(const Offered& offered)
      : offered_(offered),
        request_(grpc::Slice(offered.request)),
        stub_(grpc::CreateChannel(offered.address, grpc::InsecureChannelCredentials())) {}

  std::vector<Outcome> run(std::chrono::milliseconds time) {
    const auto calls = static_cast<std::int64_t>(offered_.per_second * std::chrono::duration<double>(time).count());
    const std::chrono::duration<double> interval(1 / offered_.per_second);
    began_ = Clock::now();
    for (std::int64_t call = 0; call < calls; ++call) {
      const auto due = began_ + std::chrono::duration_cast<Clock::duration>(interval * call);
      while (Clock::now() < due) take(due);
      begin();
    }
    while (static_cast<std::int64_t>(outcomes_.size()) < calls) take(Clock::now() + std::chrono::seconds(1));
    return std::move(outcomes_);
  }

 private:
  void begin() {
    auto* asking = new Asking;
    asking->context.set_deadline(
        gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(offered_.patience.count(), GPR_TIMESPAN)));
    asking->context.AddMetadata("authorization", offered_.authorization);
    asking->began = Clock::now();
    asking->reader = stub_.PrepareUnaryCall(&asking->context, offered_.method, grpc::ByteBuffer(&request_, 1), &queue_);
    asking->reader->StartCall();
    asking->reader->Finish(&asking->response, &asking->status, asking);
  }

  // Waits for an outcome, but no longer.
  void take(Clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - Clock::now());
    const auto wait = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(left.count(), GPR_TIMESPAN));
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, wait) != grpc::CompletionQueue::GOT_EVENT) return;
    const std::unique_ptr<Asking> asking(static_cast<Asking*>(tag));
    const std::chrono::duration<double, std::milli> took = Clock::now() - asking->began;
    const auto& status = asking->status;
    outcomes_.push_back({.began_s = std::chrono::duration<double>(asking->began - began_).count(),
                         .took_ms = took.count(),
                         .answered = status.ok(),
                         .refused = status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
                                    status.error_details().find("google.rpc.RetryInfo") != std::string::npos});
  }

  const Offered& offered_;
  const grpc::Slice request_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  Clock::time_point began_;
  std::vector<Outcome> outcomes_;
};

}  // namespace

std::vector<Outcome> offer(const Offered& offered, std::chrono::milliseconds time) { return Crowd(offered).run(time); }

}  // namespace holdfast::bench
