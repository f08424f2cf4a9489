#include <gtest/gtest.h>

#include <sstream>

#include "all/tests/running_process.h"
#include "command_line/run.h"
#include "runtime/testing/certificate.h"

namespace holdfast {
namespace {

// A process that serves TLS, with a certificate that vouches for itself.
struct TlsTest : ::testing::Test {
  TlsTest() {
    std::filesystem::create_directories(folder);
    testing::make_certificate(certificate, private_key);
  }
  ~TlsTest() override { std::filesystem::remove_all(folder); }

  command_line::Exit list_tickets(testing::RunningProcess& running, const std::string& authorities,
                                  std::vector<std::string> flags = {}) {
    std::ostringstream out, err;
    flags.insert(flags.begin(), {"tickets", "list"});
    return command_line::run(flags, {.out = out,
                                     .err = err,
                                     .environment = {{"HOLDFAST_STATE", running.state().string()},
                                                     {"HOLDFAST_KEY", running.token(agency)},
                                                     {"HOLDFAST_AUTHORITIES", authorities}}});
  }

  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("holdfast-" + to_string(new_uuid()));
  const std::string certificate = (folder / "certificate.pem").string();
  const std::string private_key = (folder / "private.key").string();
  const AgencyId agency{new_uuid()};
};

TEST_F(TlsTest, AProcessIsSwitchedToTlsByItsSettings) {
  testing::RunningProcess running(testing::test_brokers(),
                                  {"--grpc.tls_certificate=" + certificate, "--grpc.tls_private_key=" + private_key,
                                   "--grpc.peer_authorities=" + certificate});
  EXPECT_EQ(list_tickets(running, certificate), command_line::Exit::done);
  EXPECT_EQ(list_tickets(running, ""), command_line::Exit::unreachable) << "plain text is not answered";
}

TEST_F(TlsTest, ACertificateIsShownToAServerThatDemandsOne) {
  testing::RunningProcess running(testing::test_brokers(),
                                  {"--grpc.tls_certificate=" + certificate, "--grpc.tls_private_key=" + private_key,
                                   "--grpc.tls_authorities=" + certificate, "--grpc.peer_authorities=" + certificate});
  EXPECT_EQ(list_tickets(running, certificate), command_line::Exit::unreachable) << "a caller without one";
  EXPECT_EQ(list_tickets(running, certificate, {"--certificate", certificate, "--private-key", private_key}),
            command_line::Exit::done);
}

}  // namespace
}  // namespace holdfast
