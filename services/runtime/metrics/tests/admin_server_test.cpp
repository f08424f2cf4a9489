#include "runtime/metrics/admin_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace holdfast::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send_text(const std::string& text) { send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }

  // All that comes until the server closes the connection.
  std::string read_all() {
    std::string text;
    char part[4096];
    for (ssize_t size = 0; (size = recv(socket_, part, sizeof part, 0)) > 0;)
      text.append(part, static_cast<size_t>(size));
    return text;
  }

 private:
  int socket_;
};

class AdminServerTest : public ::testing::Test {
 protected:
  explicit AdminServerTest(const AdminServer::Options& options = {}) {
    auto started = AdminServer::start(options, registry_, readiness_, [this] { return configz_(); });
    EXPECT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
  }

  std::string exchange(const std::string& request) {
    Connection connection(server_->port());
    connection.send_text(request);
    return connection.read_all();
  }

  std::string get(const std::string& path) { return exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"); }

  static std::string body(const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); }

  Registry registry_;
  Readiness readiness_;
  std::function<std::string()> configz_ = [] { return R"({"settings":[]})"; };
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, ServesMetricsInTheTextFormat) {
  registry_.counter("holdfast_a_total", "A.").add();
  const std::string response = get("/metrics?x=1");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(response, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_EQ(body(response), registry_.text());
}

TEST_F(AdminServerTest, IsAliveAndShowsItsSettings) {
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
  const std::string response = get("/configz");
  EXPECT_THAT(response, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(body(response), "{\"settings\":[]}\n");
}

TEST_F(AdminServerTest, IsReadyWhileEveryCheckSaysSo) {
  bool database_up = true;
  const Registration database = readiness_.require("tickets.database", [&]() -> Result<> {
    if (!database_up) return fail(Reason::database_unavailable, "no answer for 5 s \xff");
    return {};
  });
  const Registration broker = readiness_.require("tickets.broker", [] { return Result<>(); });
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));

  database_up = false;
  const std::string response = get("/readyz");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(nlohmann::json::parse(body(response)),
            nlohmann::json::parse(R"({"ready": false, "draining": false, "checks": [
      {"name": "tickets.broker", "ready": true},
      {"name": "tickets.database", "ready": false, "message": "no answer for 5 s \uFFFD"}]})"));
  // The process itself is well: restarting it would not bring the database back.
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(AdminServerTest, IsNotReadyWhileDraining) {
  {
    const Registration gone = readiness_.require("gone", [] { return fail(Reason::internal, "never"); });
    EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 503 "));
  }
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
  readiness_.drain();
  const std::string response = get("/readyz");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(nlohmann::json::parse(body(response))["draining"]);
  EXPECT_THAT(get("/metrics"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminServerTest, RefusesWhatItDoesNotServe) {
  EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(get("/metrics/"), StartsWith("HTTP/1.1 404 "));
  const std::string post = exchange("POST /metrics HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(post, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(post, HasSubstr("Allow: GET, HEAD\r\n"));
  EXPECT_THAT(exchange("GET /metrics HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange("\x16\x03\x01 this is TLS\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(exchange("GET / HTTP/1.1\r\nX: " + std::string(4096, 'x')), StartsWith("HTTP/1.1 400 "));
  configz_ = []() -> std::string { throw std::runtime_error("broken"); };
  EXPECT_THAT(get("/configz"), StartsWith("HTTP/1.1 500 "));
}

TEST_F(AdminServerTest, AnswersHeadWithoutTheBody) {
  const std::string response = exchange("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(response, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_EQ(body(response), "");
}

TEST_F(AdminServerTest, ClosesConnectionsBeyondItsLimitAndRecovers) {
  {
    std::vector<std::unique_ptr<Connection>> idle;
    for (int count = 0; count < 16; ++count) idle.push_back(std::make_unique<Connection>(server_->port()));
    Connection beyond(server_->port());
    EXPECT_EQ(beyond.read_all(), "");
    idle[0]->send_text("GET /healthz HTTP/1.1\r\n\r\n");
    EXPECT_THAT(idle[0]->read_all(), StartsWith("HTTP/1.1 200 "));
  }
  // The server learns of the closed ones in its own time; the limit of this loop is the test's.
  while (get("/healthz").empty()) {
  }
}

class ImpatientAdminServerTest : public AdminServerTest {
 protected:
  ImpatientAdminServerTest() : AdminServerTest({.address = "127.0.0.1", .port = 0, .connection_timeout_ms = 20ms}) {}
};

TEST_F(ImpatientAdminServerTest, CutsOffWhoNeverFinishesARequest) {
  Connection slow(server_->port());
  slow.send_text("GET /healthz HTTP/1.1\r\n");
  EXPECT_EQ(slow.read_all(), "");
}

TEST_F(AdminServerTest, SaysThatItsPortIsTaken) {
  const auto second =
      AdminServer::start({.address = "127.0.0.1", .port = server_->port()}, registry_, readiness_, configz_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::address_unavailable);
  EXPECT_EQ(second.error().message,
            "cannot listen on 127.0.0.1 port " + std::to_string(server_->port()) + ": Address already in use");
  const auto nowhere = AdminServer::start({.address = "localhost"}, registry_, readiness_, configz_);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message, "'localhost' is no IP address to listen on");
}

}  // namespace
}  // namespace holdfast::metrics
