#include <fcntl.h>
#include <fmt/format.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <thread>

#include "bench.pb.h"
#include "bench/bench.h"
#include "bench/things.h"
#include "runtime/auth/authenticator.h"
#include "runtime/cache/cache.h"
#include "runtime/log/log.h"
#include "runtime/rpc/server.h"
#include "runtime/sql/database.h"

namespace holdfast::bench {
namespace {

// Says where it listens and whom it serves, and stays until the input ends.
int stay(int port, const std::string& authorization) {
  fmt::print("127.0.0.1:{}\n{}\n", port, authorization);
  std::fflush(stdout);
  char none = 0;
  while (read(STDIN_FILENO, &none, 1) > 0) {
  }
  return 0;
}

// What `protoc` generates for a method of the callback API, and the shortest handler there is.
class BareEcho final : public grpc::Service {
 public:
  BareEcho() {
    for (const char* method : {"/holdfast.bench.Bare/Echo", "/holdfast.bench.Bare/Lookup"}) {
      AddMethod(new grpc::internal::RpcServiceMethod(method, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    }
    MarkMethodCallback(0, handler([](const Text& request, Text& response) { response.set_text(request.text()); }));
    MarkMethodCallback(1, handler([](const Text&, Text& response) { response.set_text(stored_text()); }));
  }

 private:
  template <class Answer>
  static grpc::internal::MethodHandler* handler(Answer answer) {
    return new grpc::internal::CallbackUnaryHandler<Text, Text>(
        [answer](grpc::CallbackServerContext* context, const Text* request, Text* response) {
          answer(*request, *response);
          auto* reactor = context->DefaultReactor();
          reactor->Finish(grpc::Status::OK);
          return reactor;
        });
  }
};

int serve_bare() {
  BareEcho echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const auto server = builder.BuildAndStart();
  return stay(port, "nobody");
}

// A server as every service has it, and what it stands on.
struct Adapted {
  SystemClock clock;
  auth::TokenSigner signer = auth::TokenSigner::with_new_key();
  auth::Authenticator authenticator{require(auth::TokenVerifier::from_pems({signer.public_key_pem()})), clock};
  metrics::Registry registry;
  rpc::Server server{{}, authenticator, registry};

  Adapted() { log::start({.descriptor = open("/dev/null", O_WRONLY)}); }

  int serve() {
    require(server.start());
    const Principal caller{agency, PrincipalKind::integration, "bench", {"bench.read"}};
    return stay(server.port(), "Bearer " + require(signer.sign(caller, clock.now())));
  }
};

int serve_adapter() {
  Adapted adapted;
  auto& echo = adapted.server.add_service("holdfast.bench.EchoService");
  const auto handle = [](Call&, const Text& request) -> Result<Text> {
    Text response;
    response.set_text(request.text());
    return response;
  };
  echo.on<Text, Text>("Inline", handle);
  echo.fast<Text>("Inline", [](Call&, const Text& request) {
    return std::make_shared<const std::string>(request.SerializeAsString());
  });
  echo.on<Text, Text>("Queued", handle);
  echo.on<Text, Text>("Held", [&](Call& call, const Text& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(16));
    return handle(call, request);
  });
  echo.on<Text, Text>("Metrics", [&](Call&, const Text&) -> Result<Text> {
    Text page;
    page.set_text(adapted.registry.text());
    return page;
  });
  return adapted.serve();
}

int serve_lookup() {
  Adapted adapted;
  sql::Database database({.url = environment("HOLDFAST_BENCH_DATABASE"), .pool_size = 16, .constraints = {}});
  cache::RedisOptions options{.address = require(cache::parse_redis_address(environment("HOLDFAST_TEST_REDIS"))),
                              .service = "bench"};
  cache::RedisTier redis(std::move(options), adapted.registry);
  if (!redis.wait_until_linked(std::chrono::steady_clock::now() + std::chrono::seconds(10))) return 1;
  cache::Cache near("near", {.only_replica = true}, nullptr, adapted.clock, adapted.registry);
  // Nothing stays near: each look goes to Redis.
  cache::Cache far("far", {.near_bytes = 0}, &redis, adapted.clock, adapted.registry);

  const auto load = [&](const Call& call, const std::string& key) -> Result<cache::Loaded> {
    Text text;
    text.set_text(TRY(stored(database, call, key)));
    return cache::Loaded{text.SerializeAsString(), 1};
  };
  const auto answer_from = [&](cache::Cache& cache) {
    return [&](Call& call, const google::protobuf::Message& request) -> Result<std::string> {
      const auto& key = static_cast<const Text&>(request).text();
      const auto entry = TRY(cache.get(call, key, [&] { return load(call, key); }));
      return *entry->bytes;
    };
  };
  auto& lookup = adapted.server.add_service("holdfast.bench.LookupService");
  lookup.on_bytes("Near", answer_from(near));
  lookup.fast<Text>("Near", [&](Call&, const Text& request) -> rpc::StoredBytes {
    const auto entry = near.peek(request.text());
    return entry ? rpc::StoredBytes(entry, &*entry->bytes) : nullptr;
  });
  lookup.on_bytes("Redis", answer_from(far));
  lookup.on_bytes("Postgres", [&](Call& call, const google::protobuf::Message& request) -> Result<std::string> {
    auto loaded = load(call, static_cast<const Text&>(request).text());
    if (!loaded) return loaded.error();
    return *loaded->bytes;
  });
  return adapted.serve();
}

}  // namespace

int serve(const std::string& what) {
  if (what == "bare") return serve_bare();
  if (what == "adapter") return serve_adapter();
  if (what == "lookup") return serve_lookup();
  throw std::runtime_error("nothing is called " + what);
}

}  // namespace holdfast::bench
