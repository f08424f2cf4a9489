#pragma once

#include <grpcpp/server_builder.h>

#include <memory>
#include <string>
#include <thread>

#include "runtime/core/result.h"
#include "runtime/metrics/metrics.h"

namespace holdfast::rpc {

// Accepts a server's connections in gRPC's place, whose own listener closes for good the first time that the process
// has no file descriptor left (gRPC 1.51). Ours refuses connections before that, so that what the process itself opens
// still finds one, and goes on.
class Listener {
 public:
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

  // Binds host:port, where the port 0 takes any free one and the host may be a name, or unix:/path. setting_invalid
  // if that cannot be.
  static Result<std::unique_ptr<Listener>> open(const std::string& address);
  // Stops.
  ~Listener();

  // 0 for a path.
  int port() const { return port_; }

  // Once the server has started: gives it every connection from now on, from a thread of its own.
  void serve(std::unique_ptr<Acceptor> acceptor, metrics::Counter refused);
  // Whoever comes from now on is refused. Waits 100 ms at most.
  void stop();

 private:
  explicit Listener(int socket);
  void accept(const std::stop_token& stop, metrics::Counter refused);

  const int socket_;
  int port_ = 0;
  std::unique_ptr<Acceptor> acceptor_;
  std::jthread thread_;
};

}  // namespace holdfast::rpc
