#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runtime/core/result.h"
#include "runtime/metrics/metrics.h"
#include "runtime/metrics/readiness.h"

namespace holdfast::metrics {

// The HTTP server for those who operate a process, one a process, on one thread of its own:
//   /metrics  Prometheus text format   /healthz  200 while the process runs
//   /readyz   every check's verdict, 503 when one fails or while draining   /configz  the settings, secrets masked
// It serves from start() until it is destroyed, so also while draining.
class AdminServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0 takes a free one
    // From accepting a connection to closing it: who is slower is cut off.
    std::chrono::milliseconds connection_timeout_ms{10'000};
  };

  // `readiness` must outlive the server. `configz` gives JSON and is asked on the server's thread.
  static Result<std::unique_ptr<AdminServer>> start(const Options& options, Registry registry,
                                                    const Readiness& readiness, std::function<std::string()> configz);
  ~AdminServer();

  std::uint16_t port() const;

 private:
  class Listener;
  explicit AdminServer(std::unique_ptr<Listener> listener);

  std::unique_ptr<Listener> listener_;
};

}  // namespace holdfast::metrics
