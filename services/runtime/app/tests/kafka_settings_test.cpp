#include "runtime/app/kafka_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "runtime/core/uuid.h"
#include "runtime/testing/certificate.h"

namespace holdfast::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct KafkaSettingsTest : ::testing::Test {
  KafkaSettingsTest() {
    std::filesystem::create_directories(folder);
    testing::make_certificate(certificate, private_key);
  }
  ~KafkaSettingsTest() override { std::filesystem::remove_all(folder); }

  static Result<events::kafka::Brokers> access(std::vector<std::string> arguments,
                                               const std::string& brokers = "kafka:9092") {
    config::Settings settings;
    const KafkaSettings kafka{settings.section("kafka")};
    arguments.push_back("--kafka.brokers=" + brokers);
    const auto loaded = settings.load(arguments, {{"HOLDFAST_KAFKA_SASL_PASSWORD", "secret"}});
    if (!loaded) return loaded.error();
    return kafka.access();
  }

  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("kafka-" + to_string(new_uuid()));
  const std::string certificate = folder / "certificate.pem";
  const std::string private_key = folder / "private.key";
};

TEST_F(KafkaSettingsTest, PlainTextIsForBrokersOfThisMachineAlone) {
  for (const auto* own : {"127.0.0.1:9092", "localhost:9092,[::1]:9093", "localhost:1, 127.0.0.2:2"}) {
    const auto found = access({}, own);
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_EQ(found->addresses, own);
    EXPECT_THAT(found->access, IsEmpty());
  }
  for (const auto* open : {"kafka:9092", "localhost:9092,10.0.0.1:9092", "localhost:1, kafka"}) {
    for (const auto* protocol : {"plaintext", "sasl_plaintext"}) {
      const std::vector<std::string> arguments{"--kafka.security_protocol=" + std::string(protocol)};
      auto named = arguments;
      if (std::string_view(protocol) == "sasl_plaintext") named.emplace_back("--kafka.sasl_username=holdfast");
      const auto found = access(named, open);
      ASSERT_FALSE(found) << open;
      EXPECT_EQ(found.error().reason, Reason::setting_invalid);
      EXPECT_THAT(found.error().message, HasSubstr("beyond this machine"));
      named.emplace_back("--kafka.plain_text_allowed=true");
      EXPECT_TRUE(access(named, open)) << "it is told so";
    }
  }
}

TEST_F(KafkaSettingsTest, EachReachesLibrdkafkaWhichTakesThem) {
  const auto found = access({"--kafka.security_protocol=sasl_ssl", "--kafka.ca_file=" + certificate,
                             "--kafka.certificate_file=" + certificate, "--kafka.private_key_file=" + private_key,
                             "--kafka.sasl_mechanism=SCRAM-SHA-256", "--kafka.sasl_username=holdfast"});
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_THAT(
      found->access,
      UnorderedElementsAre(
          std::pair{"security.protocol", "sasl_ssl"}, std::pair{"ssl.endpoint.identification.algorithm", "https"},
          std::pair{"ssl.ca.location", certificate}, std::pair{"ssl.certificate.location", certificate},
          std::pair{"ssl.key.location", private_key}, std::pair{"sasl.mechanism", "SCRAM-SHA-256"},
          std::pair{"sasl.username", "holdfast"}, std::pair{"sasl.password", "secret"}));
}

TEST_F(KafkaSettingsTest, WhatDoesNotGoTogetherIsRefused) {
  const std::string ssl = "--kafka.security_protocol=ssl", sasl = "--kafka.security_protocol=sasl_ssl";
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{ssl, "--kafka.certificate_file=" + certificate}, "kafka.certificate_file needs kafka.private_key_file"},
      {{ssl, "--kafka.private_key_file=" + private_key}, "kafka.private_key_file needs kafka.certificate_file"},
      {{ssl, "--kafka.sasl_username=holdfast"}, "kafka.sasl_username is for nothing"},
      {{"--kafka.ca_file=" + certificate}, "kafka.ca_file is for nothing"},
      {{"--kafka.certificate_file=" + certificate}, "kafka.certificate_file is for nothing"},
      {{sasl}, "needs kafka.sasl_username"},
      {{ssl, "--kafka.ca_file=" + (folder / "none.pem").string()}, "ssl.ca.location"}};
  for (const auto& [arguments, words] : wrong) {
    const auto found = access(arguments);
    ASSERT_FALSE(found) << words;
    EXPECT_EQ(found.error().reason, Reason::setting_invalid);
    EXPECT_THAT(found.error().message, HasSubstr(words));
  }
}

}  // namespace
}  // namespace holdfast::app
