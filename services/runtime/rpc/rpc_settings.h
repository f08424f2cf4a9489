#pragma once

#include "runtime/config/settings.h"
#include "runtime/rpc/server.h"

namespace holdfast::rpc {

// The settings of a process's gRPC server: RpcSettings rpc{settings.section("rpc")}; Server server(rpc.server(), …);
struct RpcSettings {
  explicit RpcSettings(const config::Section& section)
      : address(section, "address", "127.0.0.1:7410", "Where gRPC listens: host:port, or unix:/path."),
        threads(section, "threads", defaults().threads, {1, 1'000}, "Threads on which calls run and may block."),
        queue_length(section, "queue_length", defaults().queue_length, {1, 1'000'000},
                     "Calls that may wait for a thread; more are refused with RESOURCE_EXHAUSTED."),
        queue_mib(section, "queue_mib", defaults().queue_mib, {1, 65'536},
                  "Memory of the requests that wait, in MiB; more are refused with RESOURCE_EXHAUSTED."),
        message_limit_bytes(section, "message_limit_bytes", defaults().message_limit_bytes, {1 << 10, 64 << 20},
                            "Largest request."),
        success_line_interval(section, "success_line_interval", defaults().success_line_interval, {1, 1'000'000},
                              "Of so many answered calls one is logged at info; the others at debug."),
        default_deadline_ms(section, "default_deadline_ms", defaults().default_deadline_ms,
                            {std::chrono::milliseconds(1), std::chrono::milliseconds(3'600'000)},
                            "Time for a call whose caller names none."),
        longest_deadline_ms(section, "longest_deadline_ms", defaults().longest_deadline_ms,
                            {std::chrono::milliseconds(1), std::chrono::milliseconds(3'600'000)},
                            "Time for a call, whatever its caller asks for."),
        tls_certificate(section, "tls_certificate", std::string(),
                        "File with the server's certificate chain in PEM. Empty: plain text, for loopback."),
        tls_private_key(section, "tls_private_key", std::string(), "File with the private key of tls_certificate."),
        tls_authorities(section, "tls_authorities", std::string(),
                        "File with the authorities that sign callers' certificates. Empty: callers need none.") {}

  ServerSettings server() const {
    ServerSettings settings;
    settings.address = *address;
    settings.threads = *threads;
    settings.queue_length = *queue_length;
    settings.queue_mib = *queue_mib;
    settings.message_limit_bytes = *message_limit_bytes;
    settings.success_line_interval = *success_line_interval;
    settings.default_deadline_ms = *default_deadline_ms;
    settings.longest_deadline_ms = *longest_deadline_ms;
    if (!tls_certificate->empty()) settings.tls = TlsFiles{*tls_certificate, *tls_private_key, *tls_authorities};
    return settings;
  }

  config::Setting<std::string> address;
  config::Setting<int> threads;
  config::Setting<int> queue_length;
  config::Setting<int> queue_mib;
  config::Setting<int> message_limit_bytes;
  config::Setting<int> success_line_interval;
  config::Setting<std::chrono::milliseconds> default_deadline_ms;
  config::Setting<std::chrono::milliseconds> longest_deadline_ms;
  config::Setting<std::string> tls_certificate;
  config::Setting<std::string> tls_private_key;
  config::Setting<std::string> tls_authorities;

 private:
  static ServerSettings defaults() { return {}; }
};

}  // namespace holdfast::rpc
