// What a webhook must not reach, against the kernel's own counters. The test moves into a network namespace in which
// every address there is leads to a listener of the test's: what gets out of the sender is counted, by whatever way.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netdb.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "notifications/channels/tests/child_server.h"
#include "notifications/channels/tests/namespace/network_namespace.h"
#include "notifications/channels/webhook_sender.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

const Instant now = *parse_instant("2026-03-01T12:00:00Z");
constexpr std::string_view body = R"({"specversion":"1.0"})";
constexpr auto* name = "hooks.example.com";
constexpr auto* target = "https://hooks.example.com/in";
constexpr auto* allowed_v4 = "93.184.216.34";
constexpr auto* allowed_v6 = "2606:4700::1111";

struct ForbiddenTarget {
  std::string url;
  std::string address;  // what the name resolves to; empty where the URL itself is refused
};

std::vector<ForbiddenTarget> forbidden_targets() {
  std::ifstream file(HOLDFAST_TEST_DATA "/webhook-targets.txt");
  std::vector<ForbiddenTarget> targets;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream columns(line);
    auto& forbidden = targets.emplace_back();
    columns >> forbidden.url >> forbidden.address;
  }
  return targets;
}

std::vector<std::string> forbidden_addresses() {
  std::vector<std::string> addresses;
  for (const auto& forbidden : forbidden_targets()) {
    if (forbidden.url == target && !forbidden.address.empty()) addresses.push_back(forbidden.address);
  }
  return addresses;
}

class TargetsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    refused_ = enter_network_of_our_own();
    if (refused_.empty()) server_ = std::make_unique<ChildServer>("every_address.py");
  }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    if (!server_) GTEST_SKIP() << "holdfast: not tested, for the kernel refuses a namespace: " << refused_;
  }

  static WebhookSettings settings(TargetRules rules = {}) {
    WebhookSettings settings{.rules = std::move(rules)};
    settings.ca_file = server_->ready().at("ca");
    settings.connect_timeout_ms = 2s;
    settings.total_timeout_ms = 5s;
    return settings;
  }

  static WebhookRequest request(const std::string& url) {
    const std::vector<WebhookSecret> secrets = {*WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
    return {url, *sign_webhook(secrets, "0195b0c8-0000-7000-8000-000000000001", now, body), body};
  }

  static WebhookAttempt send(const std::string& url, TargetRules rules = {}) {
    return WebhookSender(settings(std::move(rules))).send(request(url));
  }

  // What the name resolves to from now on: at the first question for a type of address, the second, and so on.
  static void let_resolve(const std::string& host, const std::vector<std::vector<std::string>>& turns) {
    ASSERT_EQ(server_->tell({{host, turns}}), nlohmann::json({{"told", 1}}));
  }

  // A connection that came to the end of the world, and to which address it wanted.
  static std::string next_connected() { return server_->next().at("connected"); }

  static std::string refused_;
  static std::unique_ptr<ChildServer> server_;
};

std::string TargetsTest::refused_;
std::unique_ptr<ChildServer> TargetsTest::server_;

struct Change {
  std::uint64_t begun, taken, datagrams;
};
Change since(const NetworkCounters& before) {
  const auto after = count_network();
  return {after.connections_begun - before.connections_begun, after.connections_taken - before.connections_taken,
          after.datagrams_sent - before.datagrams_sent};
}

// That the counters and the listeners see what they are to see.
TEST_F(TargetsTest, AnAllowedAddressIsReachedAndCounted) {
  for (const auto* address : {allowed_v4, allowed_v6}) {
    let_resolve(name, {{address}});
    const auto before = count_network();
    const auto attempt = send(target);
    EXPECT_EQ(attempt.outcome.status, 200) << attempt.detail;
    EXPECT_EQ(attempt.address, address);
    ASSERT_EQ(since(before).begun, 1) << address;
    ASSERT_EQ(since(before).taken, 1) << address;
    EXPECT_GT(since(before).datagrams, 0) << "the name was not asked for here";
    EXPECT_EQ(next_connected(), address);
  }
}

TEST_F(TargetsTest, NoForbiddenTargetOpensASocket) {
  const auto targets = forbidden_targets();
  EXPECT_GE(targets.size(), 120);
  for (const auto& forbidden : targets) {
    const auto line = forbidden.url + " " + forbidden.address;
    if (!forbidden.address.empty()) let_resolve(check_target(forbidden.url, {})->host, {{forbidden.address}});
    const auto before = count_network();
    const auto attempt = send(forbidden.url);
    EXPECT_TRUE(attempt.forbidden) << line << ": " << attempt.detail;
    EXPECT_EQ(since(before).begun, 0) << line;
    EXPECT_EQ(since(before).taken, 0) << line;
    EXPECT_EQ(since(before).datagrams > 0, !forbidden.address.empty()) << line;
  }
}

// The same addresses under rules that allow all: it is the rules that kept them shut.
TEST_F(TargetsTest, WithoutTheRulesTheSameAddressesAreReached) {
  const TargetRules all{.allowed_networks = {*parse_network("0.0.0.0/0"), *parse_network("::/0")}};
  int reached = 0;
  for (const auto& address : forbidden_addresses()) {
    let_resolve(name, {{address}});
    const auto before = count_network();
    const auto attempt = send(target, all);
    if (since(before).begun == 0) {
      // TCP has no multicast and no broadcast, and a link-local address needs its link.
      EXPECT_TRUE(address.starts_with("224.") || address.starts_with("239.") || address.starts_with("255.") ||
                  address.starts_with("f"))
          << address << ": " << attempt.detail;
      continue;
    }
    ASSERT_EQ(attempt.outcome.status, 200) << address << ": " << attempt.detail;
    next_connected();
    ++reached;
  }
  EXPECT_GE(reached, 40);
}

// The name is public when it is checked, by a question of its own as a hasty implementer would ask it, and forbidden
// when the sender asks again; and the other family is forbidden from the beginning.
TEST_F(TargetsTest, ANameThatIsBoundAnewGainsNothing) {
  for (const auto& address : forbidden_addresses()) {
    let_resolve(name, {{allowed_v4, allowed_v6}, {address}});
    addrinfo* checked = nullptr;
    ASSERT_EQ(getaddrinfo(name, "443", nullptr, &checked), 0);
    freeaddrinfo(checked);
    const auto before = count_network();
    EXPECT_TRUE(send(target).forbidden) << address;
    EXPECT_EQ(since(before).begun, 0) << address;
  }
}

TEST_F(TargetsTest, OneAllowedAddressOpensNoOther) {
  for (const auto& address : forbidden_addresses()) {
    const bool v6 = address.find(':') != address.npos;
    let_resolve(name, {{address, v6 ? allowed_v4 : allowed_v6, address}});
    const auto before = count_network();
    const auto attempt = send(target);
    EXPECT_EQ(attempt.outcome.status, 200) << address << ": " << attempt.detail;
    ASSERT_EQ(since(before).begun, 1) << address;
    EXPECT_EQ(next_connected(), v6 ? allowed_v4 : allowed_v6);
  }
}

// A subscriber whose own address refuses cannot make curl go on to a forbidden one.
TEST_F(TargetsTest, AnAddressThatRefusesOpensNoOther) {
  const TargetRules rules{.ports = {443, 9443}};  // nobody listens on the second
  for (const auto& address : forbidden_addresses()) {
    let_resolve(name, {{allowed_v4, address}});
    const auto before = count_network();
    EXPECT_EQ(send("https://hooks.example.com:9443/in", rules).outcome.status, 0);
    EXPECT_EQ(since(before).begun, 1) << address;
  }
}

TEST_F(TargetsTest, NoAnswerLeadsElsewhere) {
  let_resolve(name, {{allowed_v4}});
  const std::vector<std::string> elsewhere = {
      "http://169.254.169.254/latest/meta-data/", "https://127.0.0.1/", "//10.0.0.1/", "https://%5B::1%5D:8443/",
      "gopher://127.0.0.1:6379/_FLUSHALL",        "file:///etc/passwd", "/again"};
  for (const int status : {201, 300, 301, 302, 303, 305, 307, 308}) {
    for (const auto& location : elsewhere) {
      const auto before = count_network();
      const auto attempt =
          send(fmt::format("{}?status={}&location={}&refresh=0;url={}", target, status, location, location));
      EXPECT_EQ(attempt.outcome.status, status) << location << ": " << attempt.detail;
      ASSERT_EQ(since(before).begun, 1) << status << " " << location;
      EXPECT_EQ(next_connected(), allowed_v4);
    }
  }
  for (const auto* header : {"status=401&www-authenticate=Negotiate", "status=401&www-authenticate=NTLM",
                             "status=407&proxy-authenticate=Basic", "alt-svc=h2=%2210.0.0.1:443%22;ma=86400"}) {
    const auto before = count_network();
    WebhookSender sender(settings());
    sender.send(request(fmt::format("{}?{}", target, header)));
    sender.send(request(target));
    ASSERT_EQ(since(before).begun, 1) << header;
    EXPECT_EQ(next_connected(), allowed_v4);
  }
}

TEST_F(TargetsTest, NoProxyOfTheEnvironmentIsCalled) {
  let_resolve(name, {{allowed_v4}});
  for (const auto* proxy :
       {"http://10.0.0.1:443", "https://10.0.0.1:443", "socks4://127.0.0.1:443", "socks4a://10.0.0.1:443",
        "socks5://127.0.0.1:443", "socks5h://[::1]:443", "169.254.169.254:443"}) {
    const auto variables = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"};
    for (const auto* variable : variables) setenv(variable, proxy, 1);
    const auto before = count_network();
    EXPECT_EQ(send(target).outcome.status, 200) << proxy;
    EXPECT_TRUE(send("https://10.0.0.2/").forbidden) << proxy;
    for (const auto* variable : variables) unsetenv(variable);
    ASSERT_EQ(since(before).begun, 1) << proxy;
    EXPECT_EQ(next_connected(), allowed_v4) << proxy;
  }
}

}  // namespace
}  // namespace holdfast::notifications
