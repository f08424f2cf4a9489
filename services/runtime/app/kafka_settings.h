#pragma once

#include <filesystem>
#include <string>

#include "runtime/config/settings.h"
#include "runtime/events/kafka.h"

namespace holdfast::app {

// Where a process finds Kafka, and how it comes in.
struct KafkaSettings {
  explicit KafkaSettings(const config::Section& section);

  // SETTING_INVALID: what does not go together, what librdkafka cannot use, or plain text where others may listen.
  Result<events::kafka::Brokers> access() const;

  config::Setting<std::string> brokers;
  config::Setting<std::string> security_protocol;
  config::Setting<std::filesystem::path> ca_file;
  config::Setting<std::filesystem::path> certificate_file;
  config::Setting<std::filesystem::path> private_key_file;
  config::Setting<std::string> sasl_mechanism;
  config::Setting<std::string> sasl_username;
  config::Setting<config::Secret> sasl_password;
  config::Setting<bool> plain_text_allowed;
  config::Setting<int> partitions;
  config::Setting<int> replicas;

 private:
  bool with_tls() const { return security_protocol->ends_with("ssl"); }
  bool with_sasl() const { return security_protocol->starts_with("sasl_"); }
  Result<> check() const;
};

}  // namespace holdfast::app
