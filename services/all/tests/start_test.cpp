#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "all/tests/belongings.h"
#include "runtime/app/service.h"
#include "runtime/testing/listening_port.h"

namespace holdfast {
namespace {

// In the place of the service whose events it may have: it starts, and whoever destroys it waits for ever, as
// librdkafka may let one wait.
struct Endless : app::Service {
  explicit Endless(app::Process& process) : app::Service(process, {.name = "tickets"}) {}
  ~Endless() override {
    for (;;) ::pause();
  }
  Result<> add() override { return {}; }
};

struct Failing : app::Service {
  explicit Failing(app::Process& process) : app::Service(process, {.name = "accounts"}) {}
  Result<> add() override { return fail(Reason::setting_invalid, "the second does not start"); }
};

// A process that cannot start. It is one of its own, begun anew with what the environment says.
struct StartTest : ::testing::Test {
  StartTest() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (std::getenv("HOLDFAST_KAFKA_BROKERS") != nullptr) return;  // that process
    told = belongings.emplace().environment({"TICKETS", "ACCOUNTS"});
    told["HOLDFAST_CLOCK_MOVABLE"] = "true";
    told["HOLDFAST_GRPC_ADDRESS"] = "127.0.0.1:" + std::to_string(taken.number());
    for (const auto& [name, value] : told) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~StartTest() override {
    for (const auto& [name, value] : told) ::unsetenv(name.c_str());
  }

  static void start(const std::vector<app::MakeService>& services) {
    std::string program = "holdfast";
    std::array arguments{program.data()};
    std::exit(app::run("holdfast", "Does not start.", services, 1, arguments.data()));
  }

  const testing::ListeningPort taken;  // by somebody else
  std::optional<testing::Belongings> belongings;
  config::Environment told;
};

TEST_F(StartTest, AServiceThatFailsEndsTheProcessWithoutWaitingForThoseThatStarted) {
  EXPECT_EXIT(start({app::make<Endless>, app::make<Failing>}), ::testing::ExitedWithCode(1),
              "the second does not start");
}

TEST_F(StartTest, SoDoesAPortThatIsTaken) {
  EXPECT_EXIT(start({app::make<Endless>}), ::testing::ExitedWithCode(1), "cannot listen on 127.0.0.1");
}

}  // namespace
}  // namespace holdfast
