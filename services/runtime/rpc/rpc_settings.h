#pragma once

#include <string>

#include "runtime/config/settings.h"
#include "runtime/rpc/client.h"
#include "runtime/rpc/server.h"

namespace holdfast::rpc {

// The settings of a process's gRPC server, and of its calls to other services: RpcSettings
// rpc{settings.section("grpc")};
struct RpcSettings {
  explicit RpcSettings(const config::Section& section);

  // SETTING_INVALID: a certificate without its key, or plain text where others may listen.
  Result<ServerSettings> server() const;
  // For the service at `target`; empty: it is served by this process. With TLS where there are peer_authorities, as
  // which every service has the same: SETTING_INVALID if our own server alone demands it.
  Result<ClientSettings> client(const std::string& target) const;

  config::Setting<std::string> address;
  config::Setting<int> threads;
  config::Setting<int> queue_length;
  config::Setting<int> queue_mib;
  config::Setting<int> message_limit_bytes;
  config::Setting<int> unfinished_mib;
  config::Setting<int> success_line_interval;
  config::Setting<std::chrono::milliseconds> default_deadline_ms;
  config::Setting<std::chrono::milliseconds> longest_deadline_ms;
  config::Setting<std::string> tls_certificate;
  config::Setting<std::string> tls_private_key;
  config::Setting<std::string> tls_authorities;
  config::Setting<bool> plain_text_allowed;
  config::Setting<std::string> peer_authorities;
  config::Setting<std::string> peer_name;
};

// Whether nobody but this machine can reach an address: 127.*, [::1], localhost or unix:.
bool is_loopback(const std::string& address);

}  // namespace holdfast::rpc
