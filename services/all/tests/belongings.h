#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "runtime/auth/keys.h"
#include "runtime/config/settings.h"
#include "runtime/core/uuid.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::testing {

// What any process needs: keys, and a database, which services of a test may share.
class Belongings {
 public:
  Belongings() {
    std::filesystem::create_directories(folder_);
    const auto key = auth::new_private_key();
    std::ofstream(folder_ / "signing.pem") << auth::private_pem(key);
    std::ofstream(folder_ / "public.pem") << auth::public_pem(key);
  }
  ~Belongings() { std::filesystem::remove_all(folder_); }
  Belongings(const Belongings&) = delete;

  const TempDatabase& database() const { return database_; }

  // Of a process with these services ("TICKETS"); Kafka is away.
  config::Environment environment(const std::vector<std::string>& services) const {
    config::Environment told{{"HOLDFAST_AUTH_SIGNING_KEY_FILE", folder_ / "signing.pem"},
                             {"HOLDFAST_AUTH_PUBLIC_KEY_FILE", folder_ / "public.pem"},
                             {"HOLDFAST_ADMIN_PORT", "0"},
                             {"HOLDFAST_GRPC_ADDRESS", "127.0.0.1:0"},
                             {"HOLDFAST_KAFKA_BROKERS", "127.0.0.1:1"}};
    for (const auto& service : services) {
      told["HOLDFAST_" + service + "_DB_URL"] = database_.url();
      told["HOLDFAST_" + service + "_DB_OWNER_URL"] = database_.owner_url();
    }
    return told;
  }

 private:
  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("holdfast-" + to_string(new_uuid()));
  TempDatabase database_{{}};
};

}  // namespace holdfast::testing
