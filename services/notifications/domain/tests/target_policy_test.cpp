#include "notifications/domain/target_policy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace holdfast::notifications {
namespace {

bool allowed(std::string_view url, const TargetRules& rules = {}) { return check_target(url, rules).has_value(); }

bool reachable(std::string_view address, const TargetRules& rules = {}) {
  return may_connect(*parse_ip_address(address), rules);
}

TEST(TargetPolicy, TakesPublicTargets) {
  for (const auto* url :
       {"https://hooks.example.com", "https://hooks.example.com/", "https://Hooks.Example.COM/in?x=1&y=%20",
        "https://hooks.example.com:8443/in", "https://hooks.example.com?x=1", "https://8.8.8.8/",
        "https://[2606:4700::1111]/in", "https://xn--bcher-kva.example.com/", "https://3com.example.com/",
        "https://172.32.0.1/", "https://100.128.0.1/", "https://0x7f.example.com/"}) {
    EXPECT_TRUE(allowed(url)) << url;
  }
}

TEST(TargetPolicy, WritesTheUrlAgainFromItsParts) {
  EXPECT_EQ(check_target("https://Hooks.Example.COM", {})->url(), "https://hooks.example.com:443/");
  EXPECT_EQ(check_target("https://hooks.example.com?x=1", {})->url(), "https://hooks.example.com:443/?x=1");
  EXPECT_EQ(check_target("https://[2606:4700::1111]:8443/a", {})->url(), "https://[2606:4700::1111]:8443/a");
}

TEST(TargetPolicy, RefusesEveryForbiddenTarget) {
  std::ifstream file(HOLDFAST_TEST_DATA "/webhook-targets.txt");
  int targets = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    ++targets;
    std::istringstream columns(line);
    std::string url;
    std::string address;
    columns >> url >> address;
    if (address.empty()) {
      EXPECT_FALSE(allowed(url)) << url;
    } else {
      ASSERT_TRUE(parse_ip_address(address)) << address;
      EXPECT_TRUE(allowed(url)) << url << " is refused for its look; the line is to show what its address does";
      EXPECT_FALSE(reachable(address)) << address;
    }
  }
  EXPECT_GE(targets, 120);
}

TEST(TargetPolicy, RefusesWhatAFileOfLinesCannotHold) {
  EXPECT_FALSE(allowed("https://hooks.example.com/a b"));
  EXPECT_FALSE(allowed("https://hooks.example.com/\r\nHost: x"));
  EXPECT_FALSE(allowed("https://hooks.example.com\t/"));
  EXPECT_FALSE(allowed(" https://hooks.example.com/"));
  EXPECT_FALSE(allowed(std::string_view("https://hooks.example.com\0.x.com/", 33)));
  EXPECT_FALSE(allowed(std::string_view("https://8.8.8.8\0/", 17)));
  EXPECT_FALSE(allowed(""));
  EXPECT_FALSE(allowed("https://hooks.example.com/" + std::string(max_target_url_bytes, 'a')));
  EXPECT_FALSE(allowed("https://" + std::string(64, 'a') + ".example.com/"));
}

TEST(TargetPolicy, KnowsTheEdgesOfTheRanges) {
  for (const auto* address :
       {"9.255.255.255",   "11.0.0.0",        "100.63.255.255", "100.128.0.0",    "126.255.255.255",
        "128.0.0.0",       "169.253.255.255", "169.255.0.0",    "172.15.255.255", "172.32.0.0",
        "192.167.255.255", "192.169.0.0",     "198.17.255.255", "198.20.0.0",     "223.255.255.255",
        "2001:200::1",     "2001:db9::1",     "2003::1",        "3ffe::1",        "2606:4700::1"}) {
    EXPECT_TRUE(reachable(address)) << address;
  }
}

TEST(TargetPolicy, DevelopmentOpensLoopbackAndPrivateNetworksButNotMetadata) {
  const TargetRules rules{.allow_private_targets = true};
  for (const auto* url : {"http://localhost:3000/in", "http://127.0.0.1:8080/", "https://192.168.1.4:9000/",
                          "http://[::1]:8080/", "http://webhook:8080/", "https://hooks.example.com/"}) {
    EXPECT_TRUE(allowed(url, rules)) << url;
  }
  for (const auto* url : {"http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/", "http://0x7f.1/",
                          "http://user@localhost/", "ftp://localhost/", "http://[::ffff:127.0.0.1]/"}) {
    EXPECT_FALSE(allowed(url, rules)) << url;
  }
}

TEST(TargetPolicy, OpensTheOperatorsOwnNetworkAndNothingBesides) {
  const TargetRules rules{.allowed_networks = {*parse_network("10.20.0.0/16"), *parse_network("fd12::/16")}};
  EXPECT_TRUE(reachable("10.20.255.1", rules));
  EXPECT_TRUE(reachable("fd12::7", rules));
  EXPECT_FALSE(reachable("10.21.0.1", rules));
  EXPECT_FALSE(reachable("fd13::7", rules));
  EXPECT_TRUE(allowed("https://hooks.corp/", rules));
  EXPECT_FALSE(allowed("http://hooks.corp/", rules));
  EXPECT_FALSE(allowed("https://hooks.corp:9999/", rules));
}

TEST(TargetPolicy, SaysWhatIsWrong) {
  const auto refused = check_target("https://10.0.0.1/", {});
  EXPECT_EQ(refused.error().reason, Reason::target_not_allowed);
  EXPECT_EQ(refused.error().fields.at(0).field, "url");
  EXPECT_EQ(refused.error().message, "the address 10.0.0.1 must not be called");
  EXPECT_EQ(check_target("https://user@hooks.example.com/", {}).error().message,
            "user and password must not stand in the URL");
}

TEST(Network, RefusesWhatIsNoNetwork) {
  for (const auto* text : {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
                           "010.0.0.0/8", "::1/127", "::/129", "x/8"}) {
    EXPECT_FALSE(parse_network(text)) << text;
  }
  EXPECT_TRUE(parse_network("0.0.0.0/0")->contains(*parse_ip_address("8.8.8.8")));
  EXPECT_FALSE(parse_network("0.0.0.0/0")->contains(*parse_ip_address("::1")));
}

}  // namespace
}  // namespace holdfast::notifications
