#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/auth/keys.h"
#include "runtime/auth/token.h"
#include "runtime/config/settings.h"
#include "runtime/testing/temp_database.h"
#include "tickets/service.h"

namespace holdfast::testing {

inline std::string told_of_kafka(const char* variable) {
  const char* value = std::getenv(variable);
  if (!value) throw std::runtime_error(std::string(variable) + " names no Kafka");
  return value;
}
inline std::string test_brokers() { return told_of_kafka("HOLDFAST_TEST_KAFKA"); }

// The tickets service in this process, whole: its own database, Kafka, keys in a state folder of its own.
class RunningProcess {
 public:
  // With settings besides those that it needs, such as "--grpc.threads=4", and secrets, which are no arguments.
  explicit RunningProcess(const std::string& brokers = test_brokers(), const std::vector<std::string>& besides = {},
                          config::Environment secrets = {}) {
    std::filesystem::create_directories(state_ / "keys");
    const auto key = auth::new_private_key();
    write(state_ / "keys" / "signing_key.pem", auth::private_pem(key));
    write(state_ / "keys" / "public_key.pem", auth::public_pem(key));
    std::vector<std::string> arguments{"--grpc.address=127.0.0.1:0",
                                       "--admin.port=0",
                                       "--kafka.brokers=" + brokers,
                                       "--clock.movable=true",
                                       "--clock.start=2026-01-05T09:00:00Z",
                                       "--auth.signing_key_file=" + (state_ / "keys/signing_key.pem").string(),
                                       "--auth.public_key_file=" + (state_ / "keys/public_key.pem").string()};
    arguments.insert(arguments.end(), besides.begin(), besides.end());
    secrets["HOLDFAST_TICKETS_DB_URL"] = database_.url();
    secrets["HOLDFAST_TICKETS_DB_OWNER_URL"] = database_.owner_url();
    const auto loaded = process_.settings().load(arguments, secrets);
    if (!loaded) throw std::runtime_error(describe(loaded.error()));
    require(process_.prepare());
    require(tickets_.open());
    require(tickets_.start());
    require(process_.serve());
    write(state_ / "holdfast.json",
          R"({"addresses": {"grpc": {"tickets": ")" + address() + R"("}, "kafka": ")" + brokers + R"("}})");
  }
  ~RunningProcess() {
    process_.drain(std::chrono::steady_clock::now() + std::chrono::seconds(5));
    tickets_.stop();
    std::filesystem::remove_all(state_);
  }

  const std::filesystem::path& state() const { return state_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(process_.grpc_port()); }
  const TempDatabase& database() const { return database_; }
  app::Process& process() { return process_; }

  // A token with which a user of the agency may do anything.
  std::string token(AgencyId agency) {
    return *process_.signer().sign({agency, PrincipalKind::user, "test", {"*"}}, process_.system_clock().now());
  }

 private:
  static void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }
  static void require(const Result<>& done) {
    if (!done) throw std::runtime_error(describe(done.error()));
  }

  const std::filesystem::path state_ = std::filesystem::temp_directory_path() / ("holdfast-" + to_string(new_uuid()));
  TempDatabase database_{{}};  // the service migrates it
  app::Process process_;
  tickets::Tickets tickets_{process_};
};

}  // namespace holdfast::testing
