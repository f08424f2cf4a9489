#include <gtest/gtest.h>

#include <sstream>

#include "all/tests/running_process.h"
#include "command_line/run.h"

namespace holdfast {
namespace {

TEST(WithoutKafka, AServiceStartsAndWhatIsWrittenWaits) {
  testing::RunningProcess running("127.0.0.1:1");  // nobody answers there
  const AgencyId agency{new_uuid()};
  const auto account = to_string(new_uuid());
  running.database().run("INSERT INTO accounts (agency_id, id, name, status, owner_id, version) VALUES ('" +
                         to_string(agency) + "', '" + account + "', 'Acme', 'active', '" + to_string(new_uuid()) +
                         "', 1)");
  std::ostringstream out, err;
  const auto exit = command_line::run(
      {"tickets", "open", account, "Down", "--priority", "p1"},
      {.out = out,
       .err = err,
       .environment = {{"HOLDFAST_STATE", running.state().string()}, {"HOLDFAST_KEY", running.token(agency)}}});
  EXPECT_EQ(exit, command_line::Exit::done) << err.str();
  EXPECT_TRUE(running.process().readiness().report().ready) << "callers lose nothing: it is to be sent work";
}

}  // namespace
}  // namespace holdfast
