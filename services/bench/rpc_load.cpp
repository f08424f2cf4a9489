#include "bench/rpc_load.h"

#include <grpc/support/time.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <optional>
#include <stdexcept>

namespace holdfast::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Slot {
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  Clock::time_point began;
};

class Loop {
 public:
  explicit Loop(const Asked& asked) : asked_(asked), stub_(channel()), slots_(static_cast<size_t>(asked.in_flight)) {}

  Answered run(Clock::time_point until, std::int64_t calls) {
    Answered answered;
    const auto began = Clock::now();
    const auto more = [&] { return started_ < calls && Clock::now() < until; };
    for (auto& slot : slots_) {
      if (more()) begin(slot);
    }
    for (std::int64_t under_way = started_; under_way > 0;) {
      void* tag = nullptr;
      bool ok = false;
      if (!queue_.Next(&tag, &ok)) break;
      auto& slot = *static_cast<Slot*>(tag);
      if (!slot.status.ok()) throw std::runtime_error(asked_.method + ": " + slot.status.error_message());
      ++answered.calls;
      answered.latencies_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - slot.began).count());
      more() ? begin(slot) : static_cast<void>(--under_way);
    }
    answered.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    return answered;
  }

  std::string last_answer() const {
    grpc::Slice bytes;
    slots_.front().response.DumpToSingleSlice(&bytes);
    return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
  }

 private:
  std::shared_ptr<grpc::Channel> channel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(asked_.address, grpc::InsecureChannelCredentials(), arguments);
  }

  void begin(Slot& slot) {
    slot.context.emplace();
    slot.context->set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(30, GPR_TIMESPAN)));
    slot.context->AddMetadata("authorization", asked_.authorization);
    const grpc::Slice bytes(asked_.request(started_++));
    slot.began = Clock::now();
    slot.reader = stub_.PrepareUnaryCall(&*slot.context, asked_.method, grpc::ByteBuffer(&bytes, 1), &queue_);
    slot.reader->StartCall();
    slot.reader->Finish(&slot.response, &slot.status, &slot);
  }

  const Asked& asked_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::vector<Slot> slots_;
  std::int64_t started_ = 0;
};

}  // namespace

Answered ask_for(const Asked& asked, std::chrono::milliseconds time) {
  return Loop(asked).run(Clock::now() + time, std::numeric_limits<std::int64_t>::max());
}

Answered ask_times(const Asked& asked, std::int64_t calls) { return Loop(asked).run(Clock::time_point::max(), calls); }

std::string ask_once(const Asked& asked) {
  Loop loop(asked);
  loop.run(Clock::time_point::max(), 1);
  return loop.last_answer();
}

}  // namespace holdfast::bench
