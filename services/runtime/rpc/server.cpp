#include "runtime/rpc/server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <mutex>
#include <vector>

#include "runtime/auth/authenticator.h"
#include "runtime/rpc/executor.h"
#include "runtime/rpc/listener.h"
#include "runtime/rpc/method.h"
#include "runtime/rpc/unary_call.h"
#include "runtime/rpc/wall_clock.h"

namespace holdfast::rpc {
namespace {

// gRPC itself refuses what is larger than this many times our limit; between the two, ours is the answer, with a
// reason.
constexpr int hard_limit_factor = 4;
constexpr int answer_limit_factor = 2;

// Of one connection. More than calls can wait: who has more sends them when others are answered.
constexpr int streams_per_connection = 2'048;
// Of the names and values of a call's metadata; a call with more ends RESOURCE_EXHAUSTED.
constexpr int header_limit_bytes = 8 << 10;
// A connection that has not said what it is, has made no call, or has been there: then it is asked to come again, and
// cut once a call that was under way could have ended. A call without a deadline whose message never ends goes with it.
constexpr int handshake_ms = 20'000;
constexpr int idle_ms = 5 * 60'000;
constexpr int age_ms = 30 * 60'000;
constexpr int age_grace_ms = 2 * 60'000;

// For methods that declare for_services: they are short, and never wait for another call.
constexpr int threads_for_services = 4;

// What a generated WithRawCallbackMethod_X expands to, but for the answer's type, for every method of a descriptor.
class RawService final : public grpc::Service {
 public:
  RawService(Adapter& adapter, const std::vector<std::unique_ptr<Method>>& methods) {
    using Handler = grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, Answer>;
    for (size_t index = 0; index < methods.size(); ++index) {
      Method& method = *methods[index];
      AddMethod(
          new grpc::internal::RpcServiceMethod(method.path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
      const auto begin = [&adapter, &method](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                             Answer* answer) -> grpc::ServerUnaryReactor* {
        auto* call = new UnaryCall(adapter, method, *context, *request, *answer);
        call->begin();
        return call;  // alive still: gRPC ends a call only after this returns
      };
      MarkMethodRawCallback(static_cast<int>(index), new Handler(begin));
    }
  }
};

// Once a process, before its first server: these are global to the libraries.
void prepare_libraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // The parser writes a line to stderr for each bad request; the answer and our own log already say what was wrong.
    google::protobuf::SetLogHandler(nullptr);
  });
}

// Whoever is connected: what they may hold, and for how long.
void limit_connections(grpc::ServerBuilder& builder, const ServerSettings& settings) {
  builder.SetResourceQuota(grpc::ResourceQuota("callers").Resize(static_cast<size_t>(settings.unfinished_mib) << 20));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, header_limit_bytes);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, handshake_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, idle_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, age_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, age_grace_ms);
  // A client that vanished without a word is noticed within a minute; clients may ping every ten seconds.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 40'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
}

// Work of gRPC in each call of which nobody has anything: the numbers of channelz, which no service of ours shows, and
// looking whether an answer is to be compressed, which none is. Compressed requests are read as ever.
void leave_out_what_nobody_uses(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
}

}  // namespace

struct Server::State {
  State(ServerSettings given, auth::Authenticator& authenticator, const metrics::Registry& metrics)
      : settings(std::move(given)),
        executor({settings.threads, static_cast<size_t>(settings.queue_length),
                  static_cast<size_t>(settings.queue_mib) << 20}),
        executor_for_services({threads_for_services, static_cast<size_t>(settings.queue_length),
                               static_cast<size_t>(settings.queue_mib) << 20}),
        call_log(settings.success_line_interval),
        registry(metrics),
        adapter{authenticator,
                executor,
                executor_for_services,
                call_log,
                registry.counter("holdfast_rpc_expired_in_queue_total", "Calls whose deadline passed in the queue."),
                registry.counter("holdfast_rpc_late_total", "Calls whose handler ended after their deadline."),
                settings.default_deadline_ms,
                settings.longest_deadline_ms,
                static_cast<size_t>(settings.message_limit_bytes)} {}

  ServerSettings settings;
  Executor executor;
  Executor executor_for_services;
  CallLog call_log;
  metrics::Registry registry;
  Adapter adapter;
  std::vector<metrics::Registration> queued_calls;  // after the executors that they read
  std::vector<std::unique_ptr<Service>> services;
  std::vector<std::unique_ptr<RawService>> raw_services;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<grpc::Server> server;
};

Server::Server(ServerSettings settings, auth::Authenticator& authenticator, const metrics::Registry& registry)
    : state_(std::make_unique<State>(std::move(settings), authenticator, registry)) {}

Server::~Server() { drain(std::chrono::steady_clock::now()); }

Service& Server::add_service(std::string_view full_name) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(full_name));
  if (descriptor == nullptr) wired_wrongly("no proto declares the service " + std::string(full_name));
  state_->services.push_back(std::make_unique<Service>(*descriptor));
  return *state_->services.back();
}

Result<> Server::start() {
  prepare_libraries();
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (state_->settings.tls) credentials = TRY(server_credentials(*state_->settings.tls));

  grpc::ServerBuilder builder;
  state_->listener = TRY(Listener::open(state_->settings.address));
  auto acceptor = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials);
  limit_connections(builder, state_->settings);
  leave_out_what_nobody_uses(builder);
  const int hard_limit = state_->settings.message_limit_bytes * hard_limit_factor;
  builder.SetMaxReceiveMessageSize(hard_limit);
  builder.SetMaxSendMessageSize(state_->settings.message_limit_bytes * answer_limit_factor);
  for (const auto& service : state_->services) {
    for (const auto& method : service->methods_) {
      if (!method->handler) wired_wrongly(method->path + " is declared and has no handler");
      method->metrics.emplace(state_->registry, method->name);
    }
    state_->raw_services.push_back(std::make_unique<RawService>(state_->adapter, service->methods_));
    builder.RegisterService(state_->raw_services.back().get());
  }
  for (auto [pool, executor] :
       {std::pair{"callers", &state_->executor}, std::pair{"services", &state_->executor_for_services}}) {
    state_->queued_calls.push_back(
        state_->registry.gauge_from("holdfast_rpc_queued_calls", "Calls waiting for a thread.", {{"pool", pool}},
                                    [executor] { return static_cast<double>(executor->queued()); }));
  }
  state_->server = builder.BuildAndStart();
  if (!state_->server) return fail(Reason::setting_invalid, "cannot listen on " + state_->settings.address);
  state_->listener->serve(std::move(acceptor),
                          state_->registry.counter("holdfast_rpc_connections_refused_total",
                                                   "Connections closed at once: file descriptors run short."));
  for (const auto& service : state_->services) {
    state_->server->GetHealthCheckService()->SetServingStatus(service->descriptor().full_name(), true);
  }
  return {};
}

int Server::port() const { return state_->listener ? state_->listener->port() : 0; }

void Server::drain(Deadline deadline) {
  if (!state_->server) return;
  state_->server->GetHealthCheckService()->Shutdown();
  state_->adapter.draining = true;
  state_->executor.close();
  state_->executor_for_services.close();
  state_->listener->stop();
  state_->server->Shutdown(on_wall_clock(deadline));
  state_->server->Wait();
  state_->server.reset();
}

}  // namespace holdfast::rpc
