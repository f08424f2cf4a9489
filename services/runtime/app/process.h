#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/app/kafka_settings.h"
#include "runtime/auth/authenticator.h"
#include "runtime/config/settings.h"
#include "runtime/core/clock.h"
#include "runtime/metrics/admin_server.h"
#include "runtime/metrics/metrics.h"
#include "runtime/metrics/readiness.h"
#include "runtime/operations/business_time.h"
#include "runtime/operations/operations.h"
#include "runtime/rpc/client.h"
#include "runtime/rpc/rpc_settings.h"
#include "runtime/rpc/server.h"
#include "runtime/secrets/key_ring.h"

namespace holdfast::app {

// What a process is told, whatever services run in it.
struct ProcessSettings {
  explicit ProcessSettings(config::Settings& settings);

  rpc::RpcSettings rpc;
  config::Setting<std::string> admin_address;
  config::Setting<int> admin_port;
  config::Setting<std::string> log_level;
  config::Setting<std::string> log_format;
  KafkaSettings kafka;
  config::Setting<std::string> redis_address;
  config::Setting<std::filesystem::path> signing_key_file;
  config::Setting<std::filesystem::path> public_key_file;
  config::Setting<std::filesystem::path> secrets_key_file;
  config::Setting<bool> clock_movable;
  config::Setting<std::string> clock_start;
};

// What the services of one process share: its settings, clocks, metrics, gRPC server and its way of proving who it is.
class Process {
 public:
  Process();
  ~Process();

  // Before load: services declare their own settings here.
  config::Settings& settings() { return settings_; }
  const ProcessSettings& own() const { return own_; }

  // After load: keys are read, the gRPC server takes services. Not yet serving.
  Result<> prepare();
  Result<> serve();
  // Stops taking calls, lets those that run end; the business clock is not followed any more.
  void drain(Deadline deadline);

  const Clock& system_clock() const { return system_clock_; }
  const Clock& business_clock() const { return business_clock_; }
  metrics::Registry& registry() { return registry_; }
  metrics::Readiness& readiness() { return readiness_; }
  rpc::Server& server() { return *server_; }
  // Where the business clock is kept: each service adds its database before it reads the clock.
  operations::BusinessTime& business_time() { return *business_time_; }
  // Each service that has started adds itself, for those who run it.
  operations::Operations& operations() { return *operations_; }
  const auth::TokenSigner& signer() const { return *signer_; }
  const events::kafka::Brokers& kafka() const { return kafka_; }

  // Declares (before load) where another service is found.
  void declare_peer(const std::string& service);

  // The process that holds the API keys answers for them itself; the others ask their peer accounts, if they declare
  // it.
  void exchange_keys_by(auth::ExchangeKey exchange) { exchange_ = std::move(exchange); }

  // A client for another service. It calls as this process for the agency of the Call at hand.
  Result<rpc::Client> connect(const std::string& service, const std::string& as_service);

  // The keys of secrets at rest, read anew: for services that keep any.
  Result<secrets::KeyRing> key_ring() const;

  int grpc_port() const { return server_->port(); }
  int admin_port() const { return admin_->port(); }

 private:
  Result<auth::ExchangeKey> exchange_at_accounts();

  config::Settings settings_;
  ProcessSettings own_;
  std::map<std::string, config::Setting<std::string>> peers_;
  SystemClock system_clock_;
  MovableClock business_clock_{system_clock_};
  metrics::Registry registry_;
  metrics::Readiness readiness_;
  auth::ExchangeKey exchange_;
  std::optional<auth::TokenSigner> signer_;
  events::kafka::Brokers kafka_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::optional<operations::BusinessTime> business_time_;
  std::optional<operations::Operations> operations_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<metrics::AdminServer> admin_;
};

}  // namespace holdfast::app
