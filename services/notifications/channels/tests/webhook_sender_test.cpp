#include "notifications/channels/webhook_sender.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "notifications/channels/tests/child_server.h"
#include "notifications/channels/tests/network_watch.h"
#include "notifications/domain/base64.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Instant now = *parse_instant("2026-03-01T12:00:00Z");
constexpr std::string_view body = R"({"specversion":"1.0","id":"0195","data":"é"})";

std::vector<WebhookSecret> secrets() { return {*WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")}; }

class WebhookSenderTest : public testing::Test {
 protected:
  void SetUp() override { network_watch() = {}; }

  static void SetUpTestSuite() { server_ = std::make_unique<ChildServer>("webhook_receiver.py"); }
  static void TearDownTestSuite() { server_.reset(); }

  static WebhookSettings settings() {
    WebhookSettings settings;
    settings.rules.allow_private_targets = true;
    settings.ca_file = server_->ready().at("ca");
    return settings;
  }

  static std::string url(const std::string& path) {
    return fmt::format("https://localhost:{}{}", server_->ready().at("https").get<int>(), path);
  }

  static WebhookRequest request(std::string url) {
    return {std::move(url), *sign_webhook(secrets(), "0195b0c8-0000-7000-8000-000000000001", now, body), body};
  }

  static WebhookAttempt send(const std::string& path) { return WebhookSender(settings()).send(request(url(path))); }

  static std::unique_ptr<ChildServer> server_;
};

std::unique_ptr<ChildServer> WebhookSenderTest::server_;

TEST_F(WebhookSenderTest, DeliversTheSignedBytes) {
  const auto attempt = send("/in?status=202");
  EXPECT_EQ(attempt.outcome.status, 202) << attempt.detail;
  EXPECT_EQ(attempt.detail, "");
  EXPECT_EQ(attempt.answer, "xx");
  EXPECT_EQ(attempt.address, "127.0.0.1");
  EXPECT_EQ(attempt.sockets_opened, 1);
  EXPECT_FALSE(attempt.forbidden);

  const auto seen = server_->next();
  const auto& headers = seen.at("headers");
  EXPECT_EQ(headers.at("content-type"), "application/cloudevents+json; charset=utf-8");
  EXPECT_EQ(headers.at("user-agent"), "Holdfast-Webhooks/1");
  EXPECT_FALSE(headers.contains("expect"));
  const auto received = *from_base64(seen.at("body").get<std::string>());
  EXPECT_EQ(received, body);
  EXPECT_TRUE(verify_webhook(
      secrets(), {headers.at("webhook-id"), headers.at("webhook-timestamp"), headers.at("webhook-signature")}, now,
      received));
}

TEST_F(WebhookSenderTest, DoesNotFollowARedirect) {
  const auto attempt = send("/in?status=307&location=" + url("/secret"));
  EXPECT_EQ(attempt.outcome.status, 307);
  EXPECT_EQ(network_watch().connections, 1);
  EXPECT_THAT(server_->next().at("path").get<std::string>(), HasSubstr("status=307"));
  send("/after");
  EXPECT_EQ(server_->next().at("path"), "/after") << "nothing came in between";
}

TEST_F(WebhookSenderTest, ReadsNoMoreThanTheLimitOfAnAnswer) {
  const auto attempt = send("/in?bytes=50000000");
  EXPECT_EQ(attempt.outcome.status, 200);
  EXPECT_EQ(attempt.answer.size(), kept_answer_bytes);
  server_->next();
  EXPECT_EQ(server_->next().at("cut"), true) << "the server could not get rid of its 50 MB";
}

TEST_F(WebhookSenderTest, GivesUpOnAStalledSubscriber) {
  auto impatient = settings();
  impatient.total_timeout_ms = 200ms;
  const auto attempt = WebhookSender(impatient).send(request(url("/stall")));
  EXPECT_EQ(attempt.outcome.status, 0);
  EXPECT_THAT(attempt.detail, HasSubstr("timed out"));
  server_->next();
}

TEST_F(WebhookSenderTest, RefusesACertificateItCannotTrust) {
  auto trusting_the_system = settings();
  trusting_the_system.ca_file.clear();
  const auto attempt = WebhookSender(trusting_the_system).send(request(url("/in")));
  EXPECT_EQ(attempt.outcome.status, 0);
  EXPECT_THAT(attempt.detail, HasSubstr("certificate"));
}

TEST_F(WebhookSenderTest, RefusesACertificateForAnotherName) {
  network_watch().answers["other.example.com"] = {"127.0.0.1"};
  const auto other = fmt::format("https://other.example.com:{}/in", server_->ready().at("https").get<int>());
  const auto attempt = WebhookSender(settings()).send(request(other));
  EXPECT_EQ(attempt.outcome.status, 0);
  EXPECT_THAT(attempt.detail, HasSubstr("other.example.com"));
}

TEST_F(WebhookSenderTest, UsesAnOpenConnectionAgain) {
  WebhookSender sender(settings());
  EXPECT_EQ(sender.send(request(url("/first"))).sockets_opened, 1);
  const auto second = sender.send(request(url("/second")));
  EXPECT_EQ(second.outcome.status, 200);
  EXPECT_EQ(second.sockets_opened, 0);
  EXPECT_EQ(second.address, "127.0.0.1");
  server_->next();
  server_->next();
}

TEST_F(WebhookSenderTest, ReadsRetryAfter) {
  EXPECT_EQ(send("/in?status=503&retry-after=120").outcome.retry_after, 120s);
  const auto dated = send("/in?status=429&retry-after=Fri,%2001%20Jan%202100%2000:00:00%20GMT").outcome.retry_after;
  ASSERT_TRUE(dated);
  EXPECT_GT(*dated, 24h);
  EXPECT_FALSE(send("/in?status=503&retry-after=soon").outcome.retry_after);
  for (int seen = 0; seen < 3; ++seen) server_->next();
}

TEST_F(WebhookSenderTest, SaysWhyNobodyAnswered) {
  const auto attempt = WebhookSender(settings()).send(request("https://127.0.0.1:1/in"));
  EXPECT_EQ(attempt.outcome.status, 0);
  EXPECT_FALSE(attempt.forbidden);
  EXPECT_THAT(attempt.detail, HasSubstr("connect"));
}

TEST_F(WebhookSenderTest, IgnoresProxiesOfTheEnvironment) {
  const auto proxy = fmt::format("http://127.0.0.1:{}", server_->ready().at("http").get<int>());
  for (const auto* variable : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
    setenv(variable, proxy.c_str(), 1);
  }
  const auto attempt = send("/direct");
  for (const auto* variable : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
    unsetenv(variable);
  }
  EXPECT_EQ(attempt.outcome.status, 200) << attempt.detail;
  EXPECT_EQ(server_->next().at("path"), "/direct");
}

TEST_F(WebhookSenderTest, DevelopmentMaySpeakPlainHttp) {
  const auto plain = fmt::format("http://127.0.0.1:{}/plain", server_->ready().at("http").get<int>());
  EXPECT_EQ(WebhookSender(settings()).send(request(plain)).outcome.status, 200);
  server_->next();
}

// The table of tricks under the rules of production: no socket is opened, by our count and by the C library's.
TEST_F(WebhookSenderTest, OpensNoSocketToAForbiddenTarget) {
  std::ifstream file(HOLDFAST_TEST_DATA "/webhook-targets.txt");
  WebhookSettings production;
  production.connect_timeout_ms = 100ms;
  production.total_timeout_ms = 100ms;
  int targets = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    ++targets;
    std::istringstream columns(line);
    std::string target;
    std::string address;
    columns >> target >> address;
    network_watch() = {};
    if (!address.empty()) network_watch().answers[check_target(target, {})->host] = {address};
    const auto attempt = WebhookSender(production).send(request(target));
    EXPECT_TRUE(attempt.forbidden) << line << ": " << attempt.detail;
    EXPECT_EQ(attempt.outcome.status, 0) << line;
    EXPECT_EQ(attempt.sockets_opened, 0) << line;
    EXPECT_EQ(network_watch().connections, 0) << line;
    EXPECT_EQ(network_watch().lookups, address.empty() ? 0 : 1) << line;
    EXPECT_NE(attempt.detail, "") << line;
  }
  EXPECT_GE(targets, 120);
}

// A name that was public when it was checked and is not when it is connected to.
TEST_F(WebhookSenderTest, ARebindingNameGainsNothing) {
  const std::string target = "https://hooks.example.com/in";
  network_watch().answers["hooks.example.com"] = {"93.184.216.34"};
  ASSERT_TRUE(check_target(target, {}));
  network_watch().answers["hooks.example.com"] = {"127.0.0.1", "169.254.169.254", "::1"};
  const auto attempt = WebhookSender({}).send(request(target));
  EXPECT_TRUE(attempt.forbidden);
  EXPECT_EQ(attempt.sockets_opened, 0);
  EXPECT_EQ(network_watch().connections, 0);
}

TEST_F(WebhookSenderTest, PassesOverTheForbiddenOfSeveralAddresses) {
  network_watch().answers["hooks.example.com"] = {"169.254.169.254", "127.0.0.1"};
  const auto target = fmt::format("https://hooks.example.com:{}/in", server_->ready().at("https").get<int>());
  const auto attempt = WebhookSender(settings()).send(request(target));
  EXPECT_EQ(attempt.outcome.status, 200) << attempt.detail;
  EXPECT_FALSE(attempt.forbidden);
  EXPECT_EQ(attempt.address, "127.0.0.1");
  EXPECT_EQ(attempt.sockets_opened, 1);
  EXPECT_EQ(network_watch().connections, 1);
  server_->next();
}

}  // namespace
}  // namespace holdfast::notifications
