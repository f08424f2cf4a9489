#include "runtime/app/kafka_settings.h"

#include <algorithm>
#include <sstream>

#include "runtime/rpc/rpc_settings.h"

namespace holdfast::app {
namespace {

// Of "host:port, host:port" the first that others than this machine can reach; empty: none.
std::string beyond_the_loopback(const std::string& brokers) {
  std::istringstream list(brokers);
  for (std::string broker; std::getline(list, broker, ',');) {
    std::erase(broker, ' ');
    if (!broker.empty() && !rpc::is_loopback(broker)) return broker;
  }
  return {};
}

}  // namespace

KafkaSettings::KafkaSettings(const config::Section& section)
    : brokers(section, "brokers", config::required, "host:port,… of Apache Kafka."),
      security_protocol(section, "security_protocol", "plaintext", {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"},
                        "How brokers are spoken to: with ssl, TLS; with sasl, by name and password."),
      ca_file(section, "ca_file", "",
              "File with the authorities that sign the brokers' certificates, in PEM. Empty: the system's own."),
      certificate_file(section, "certificate_file", "",
                       "File with the certificate chain in PEM that this process shows to brokers. Empty: none."),
      private_key_file(section, "private_key_file", "", "File with the private key of certificate_file."),
      sasl_mechanism(section, "sasl_mechanism", "SCRAM-SHA-512", {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"},
                     "How name and password are proved."),
      sasl_username(section, "sasl_username", "", "The name by which brokers know this process."),
      sasl_password(section, "sasl_password", config::Secret(), "Its password."),
      plain_text_allowed(section, "plain_text_allowed", false,
                         "Whether brokers beyond the loopback may be spoken to without TLS: where the network itself "
                         "keeps others out. Whoever reaches such a broker can write into any agency."),
      partitions(section, "partitions", 6, {1, 1024}, "Partitions of a topic that is created."),
      replicas(section, "replicas", 1, {1, 9},
               "Replicas of a topic that is created. Of several, two have an event before it leaves the outbox, and "
               "while fewer than two are in sync it waits there. With one, what that broker loses is lost; with two, "
               "the loss of either stops writing: take one or three.") {}

Result<> KafkaSettings::check() const {
  const auto needs = [&](const std::string& given, const std::string& other) {
    return fail(Reason::setting_invalid, given + " needs " + other);
  };
  const auto without = [&](const std::string& given) {
    return fail(Reason::setting_invalid,
                given + " is for nothing with " + security_protocol.name() + " " + *security_protocol);
  };
  if (!with_tls() && !ca_file->empty()) return without(ca_file.name());
  if (!with_tls() && !certificate_file->empty()) return without(certificate_file.name());
  if (!with_sasl() && !sasl_username->empty()) return without(sasl_username.name());
  if (!certificate_file->empty() && private_key_file->empty()) {
    return needs(certificate_file.name(), private_key_file.name());
  }
  if (certificate_file->empty() && !private_key_file->empty()) {
    return needs(private_key_file.name(), certificate_file.name());
  }
  if (with_sasl() && (sasl_username->empty() || sasl_password->empty())) {
    return needs(security_protocol.name() + " " + *security_protocol,
                 sasl_username.name() + " and " + sasl_password.name());
  }
  const auto reached_by_others = beyond_the_loopback(*brokers);
  if (!with_tls() && !*plain_text_allowed && !reached_by_others.empty()) {
    return fail(Reason::setting_invalid, reached_by_others + " is beyond this machine, and events would go there in " +
                                             "plain text: give " + security_protocol.name() + ", or say " +
                                             plain_text_allowed.name());
  }
  return {};
}

Result<events::kafka::Brokers> KafkaSettings::access() const {
  CHECK_OK(check());
  events::kafka::Brokers found(*brokers);
  const auto tell = [&](const char* name, const std::string& value) {
    if (!value.empty()) found.access.emplace_back(name, value);
  };
  if (*security_protocol == "plaintext") return found;
  tell("security.protocol", *security_protocol);
  if (with_tls()) {
    tell("ssl.endpoint.identification.algorithm", "https");  // the certificate names the host
    tell("ssl.ca.location", ca_file->string());
    tell("ssl.certificate.location", certificate_file->string());
    tell("ssl.key.location", private_key_file->string());
  }
  if (with_sasl()) {
    tell("sasl.mechanism", *sasl_mechanism);
    tell("sasl.username", *sasl_username);
    tell("sasl.password", sasl_password->reveal());
  }
  CHECK_OK(events::kafka::check_access(found));
  return found;
}

}  // namespace holdfast::app
