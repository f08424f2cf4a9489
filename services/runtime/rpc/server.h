#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/rpc/service.h"
#include "runtime/rpc/tls.h"

namespace holdfast::auth {
class Authenticator;
}
namespace holdfast::metrics {
class Registry;
}

namespace holdfast::rpc {

struct ServerSettings {
  std::string address = "127.0.0.1:0";  // host:port (0: any free one), or unix:/path
  int threads = 16;                     // on which handlers run and may block
  int queue_length = 1024;              // calls waiting for a thread; more are refused with RESOURCE_EXHAUSTED
  int queue_mib = 256;                  // what those calls hold
  int message_limit_bytes = 4 << 20;    // of one request
  int unfinished_mib = 256;             // of requests that have not arrived whole; beyond it gRPC cuts connections
  int success_line_interval = 1000;     // of so many answered calls one is logged at info; the others at debug
  std::chrono::milliseconds default_deadline_ms{10'000};  // for callers that name none
  std::chrono::milliseconds longest_deadline_ms{60'000};  // whatever callers name
  std::optional<TlsFiles> tls = std::nullopt;             // none: plain text, for loopback
};

// A gRPC server over services found by descriptor: no generated stubs. Around every handler it reads metadata, admits,
// authenticates, sets the deadline, parses, catches, and answers errors as google.rpc.Status with ErrorInfo. Health
// and reflection are served beside, without credentials.
class Server {
 public:
  // The authenticator and the registry must outlive the server.
  Server(ServerSettings settings, auth::Authenticator& authenticator, const metrics::Registry& registry);
  // Drains with no patience.
  ~Server();

  // Such as "holdfast.tickets.v1.TicketService". Before start(); a name that no proto declares ends the process.
  Service& add_service(std::string_view full_name);

  // Binds and serves. A method without a handler is our own bug and ends the process; an address that cannot be bound
  // or a TLS file that cannot be read is setting_invalid.
  Result<> start();

  // The TCP port, once started.
  int port() const;

  // First the health service says NOT_SERVING and queued calls end with UNAVAILABLE (shutting_down); then running calls
  // may finish until the deadline, after which they are cancelled. Blocks until every handler has returned.
  void drain(Deadline deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdfast::rpc
