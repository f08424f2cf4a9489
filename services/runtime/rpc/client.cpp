#include "runtime/rpc/client.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>

#include "runtime/core/mutant.h"
#include "runtime/rpc/retry_budget.h"
#include "runtime/rpc/status.h"
#include "runtime/rpc/wall_clock.h"

namespace holdfast::rpc {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodOptions;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds first_pause{50};
constexpr int most_doublings = 5;

// "package.Service/Method" as the descriptor pool names it is "package.Service.Method".
bool may_be_repeated(std::string method) {
  std::ranges::replace(method, '/', '.');
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
  return descriptor != nullptr && descriptor->options().idempotency_level() != MethodOptions::IDEMPOTENCY_UNKNOWN;
}

// Between half and all of a pause that doubles: callers that failed together do not come back together.
std::chrono::milliseconds pause_before(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = (first_pause * (1 << std::min(attempt - 1, most_doublings))).count();
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(longest / 2, longest)(random));
}

// False when the caller went away meanwhile.
bool pause(std::chrono::milliseconds duration, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any wakeup;
  std::unique_lock lock(mutex);
  wakeup.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

grpc::ChannelArguments channel_arguments(const ClientSettings& settings) {
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetMaxReceiveMessageSize(settings.message_limit_bytes);
  // Channels with equal arguments would otherwise share one connection, and one client's burst delay another's call.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // The retries are ours: gRPC's own would multiply them.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A peer that restarted should be found soon, not after gRPC's default of up to two minutes.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  if (!settings.tls_name.empty()) arguments.SetSslTargetNameOverride(settings.tls_name);
  return arguments;
}

// A copy of the request with a request_id of ours, if it has the field and no value in it.
std::unique_ptr<Message> with_request_id(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || !request.GetReflection()->GetString(request, field).empty()) return nullptr;
  std::unique_ptr<Message> named(request.New());
  named->CopyFrom(request);
  named->GetReflection()->SetString(named.get(), field, to_string(new_uuid()));
  return named;
}

}  // namespace

struct Client::State {
  ClientSettings settings;
  Authorization authorization;
  std::shared_ptr<grpc::Channel> channel;
  RetryBudget repeats = {};

  Result<> attempt(const std::string& path, const Call& call, const Message& request, Message& response) const;
};

Result<Client> Client::open(ClientSettings settings, Authorization authorization) {
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (settings.tls) credentials = TRY(channel_credentials(*settings.tls));
  auto channel = grpc::CreateCustomChannel(settings.target, credentials, channel_arguments(settings));
  return Client(std::unique_ptr<State>(new State{std::move(settings), std::move(authorization), std::move(channel)}));
}

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

Result<> Client::exchange(const std::string& method, const Call& call, const Message& given, Message& response) const {
  const std::string path = "/" + method;
  const auto named = with_request_id(given);
  const Message& request = named ? *named : given;
  state_->repeats.called();
  for (int attempt = 1;; ++attempt) {
    Result<> outcome = state_->attempt(path, call, request, response);
    if (outcome || !outcome.error().is_outage()) return outcome;
    const bool repeatable = may_be_repeated(method) || mutant("client.repeats_anything");
    if (attempt >= state_->settings.attempts || !repeatable) return outcome;
    const auto wait = pause_before(attempt);
    if (steady_clock::now() + wait >= call.deadline || !state_->repeats.take()) return outcome;
    if (!pause(wait, call.stop)) return outcome;
  }
}

Result<> Client::State::attempt(const std::string& path, const Call& call, const Message& request,
                                Message& response) const {
  grpc::ClientContext context;
  context.set_deadline(on_wall_clock(call.deadline));
  context.AddMetadata("x-request-id", call.request_id);
  if (!call.traceparent.empty()) context.AddMetadata("traceparent", call.traceparent);
  if (authorization) {
    const std::string header = TRY(authorization(call));
    context.AddMetadata("authorization", header);
  }
  const std::stop_callback cancel(call.stop, [&context] { context.TryCancel(); });
  using google::protobuf::MessageLite;
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<Message, Message, MessageLite, MessageLite>(
      channel.get(), method, &context, request, &response);
  if (status.ok()) return {};
  Error error = from_status(status);
  // Nobody here gave up: gRPC cancels what reaches a server in the moment at which that begins to end.
  if (error.reason == Reason::cancelled && !call.stop.stop_requested()) error.reason = Reason::outcome_unknown;
  return error;
}

}  // namespace holdfast::rpc
