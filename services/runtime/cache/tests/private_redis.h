#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "runtime/cache/redis_tier.h"

extern char** environ;

namespace holdfast::cache {

using namespace std::chrono_literals;

inline Deadline soon() { return std::chrono::steady_clock::now() + 20s; }

// Waits for what another thread or the server is about to do.
inline bool eventually(const std::function<bool()>& holds) {
  for (const auto until = soon(); std::chrono::steady_clock::now() < until; std::this_thread::yield()) {
    if (holds()) return true;
  }
  return false;
}

inline Call call_for(std::chrono::milliseconds patience = 20s) { return service_call({}, "test", patience); }

// What a scrape shows of one series, such as holdfast_cache_loads_total{cache="card"}; 0 when it is not there.
inline double metric(const metrics::Registry& registry, const std::string& series) {
  const auto text = "\n" + registry.text();
  const auto at = text.find("\n" + series + " ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
}

// A redis-server of the test's own, which it may kill, freeze and restart.
class PrivateRedis {
 public:
  PrivateRedis() {
    std::string pattern = (std::filesystem::temp_directory_path() / "holdfast-redis-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    start();
  }
  ~PrivateRedis() {
    kill();
    std::filesystem::remove_all(folder_);
  }

  std::string socket() const { return folder_ / "redis.sock"; }

  void start() {
    const std::string path = socket();
    std::vector<std::string> words{
        "redis-server", "--port",         "0",         "--unixsocket",       path, "--save", "",
        "--dir",        folder_.string(), "--logfile", folder_ / "redis.log"};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ASSERT_EQ(posix_spawnp(&process_, "redis-server", nullptr, nullptr, arguments.data(), environ), 0);
    ASSERT_TRUE(eventually([&] { return command({"PING"}).text == "PONG"; }));
  }
  void kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  void freeze() { ::kill(process_, SIGSTOP); }
  void thaw() { ::kill(process_, SIGCONT); }

  // On a connection of its own; an empty reply when that fails.
  Reply command(RedisConnection::Arguments arguments) const {
    const auto deadline = soon();
    auto connection = RedisConnection::connect({socket(), {}, 0}, {}, deadline);
    if (!connection) return {};
    auto reply = (*connection)->command(arguments, deadline);
    return reply ? *reply : Reply{};
  }

  RedisOptions options() const {
    RedisOptions options;
    options.address = {socket(), {}, 0};
    options.service = "test";
    options.budget = 200ms;  // two cores, many tests
    options.trust = 5s;      // tests that want it short say so
    return options;
  }

 private:
  std::filesystem::path folder_;
  pid_t process_ = 0;
};

}  // namespace holdfast::cache
