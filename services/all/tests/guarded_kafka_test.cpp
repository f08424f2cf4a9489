#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "all/tests/running_process.h"
#include "command_line/run.h"

namespace holdfast {
namespace {

using command_line::Exit;
using ::testing::HasSubstr;
using testing::told_of_kafka;

// The way into Kafka that takes a name and a password, over TLS.
struct GuardedKafkaTest : ::testing::Test {
  static std::vector<std::string> way_in() {
    return {"--kafka.security_protocol=sasl_ssl", "--kafka.sasl_mechanism=PLAIN", "--kafka.sasl_username=holdfast",
            "--kafka.ca_file=" + told_of_kafka("HOLDFAST_TEST_KAFKA_AUTHORITIES")};
  }
  Exit run(testing::RunningProcess& running, std::vector<std::string> arguments) {
    return command_line::run(arguments, {.out = out,
                                         .err = err,
                                         .environment = {{"HOLDFAST_STATE", running.state().string()},
                                                         {"HOLDFAST_KEY", running.token(agency)}}});
  }

  const AgencyId agency{new_uuid()};
  std::ostringstream out, err;
};

TEST_F(GuardedKafkaTest, TakesAndGivesEvents) {
  testing::RunningProcess running(told_of_kafka("HOLDFAST_TEST_KAFKA_GUARDED"), way_in(),
                                  {{"HOLDFAST_KAFKA_SASL_PASSWORD", "for tests"}});
  const auto account = to_string(new_uuid());
  running.database().run("INSERT INTO accounts (agency_id, id, name, status, owner_id, version) VALUES ('" +
                         to_string(agency) + "', '" + account + "', 'Acme', 'active', '" + to_string(new_uuid()) +
                         "', 1)");
  ASSERT_EQ(run(running, {"tickets", "open", account, "Down", "--priority", "p1"}), Exit::done) << err.str();
  // Waits until all events are on Kafka and all that this service follows were handled.
  ASSERT_EQ(run(running, {"clock", "advance", "1m"}), Exit::done) << err.str();
  ASSERT_EQ(run(running, {"events", "tail", "--topic", "holdfast.tickets", "--from-beginning", "--account-id", account,
                          "--brokers", testing::test_brokers()}),
            Exit::done)
      << err.str();
  EXPECT_THAT(out.str(), HasSubstr("holdfast.ticket-opened.v1"));
}

}  // namespace
}  // namespace holdfast
