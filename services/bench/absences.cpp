#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "bench.pb.h"
#include "bench/bench.h"
#include "bench/child.h"
#include "bench/measure.h"
#include "bench/rpc_load.h"
#include "bench/things.h"

namespace holdfast::bench {
namespace {

// A Redis of this measure's own, which can be made to hang.
class PrivateRedis {
 public:
  PrivateRedis() : socket_(std::filesystem::temp_directory_path() / fmt::format("bench-redis.{}", getpid())) {
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("no process");
    if (pid_ == 0) {
      execlp("redis-server", "redis-server", "--port", "0", "--save", "", "--logfile", "/dev/null", "--unixsocket",
             socket_.c_str(), nullptr);
      _exit(127);
    }
    for (int look = 0; !std::filesystem::exists(socket_); ++look) {
      if (look > 1000) throw std::runtime_error("redis-server does not start");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  ~PrivateRedis() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    std::filesystem::remove(socket_);
  }
  PrivateRedis(const PrivateRedis&) = delete;

  const std::string address() const { return socket_.string(); }
  void hang() const { kill(pid_, SIGSTOP); }
  void wake() const { kill(pid_, SIGCONT); }

 private:
  const std::filesystem::path socket_;
  pid_t pid_ = 0;
};

std::string key(std::int64_t number) {
  Text text;
  text.set_text(std::to_string(number % 1000));
  return text.SerializeAsString();
}

}  // namespace

void measure_absences(const Run& run) {
  const Things things;
  things.run(fmt::format("INSERT INTO cards SELECT '{}', n, '{}' FROM generate_series(0, 999) AS n", to_string(agency),
                         stored_text()));
  const PrivateRedis redis;
  setenv("HOLDFAST_BENCH_DATABASE", things.temporary.url().c_str(), 1);
  const auto shared = environment("HOLDFAST_TEST_REDIS");
  setenv("HOLDFAST_TEST_REDIS", redis.address().c_str(), 1);
  const Child lookup({}, "lookup", -1);
  setenv("HOLDFAST_TEST_REDIS", shared.c_str(), 1);
  const Asked asked{lookup.address(), "/holdfast.bench.LookupService/Redis", key, lookup.authorization()};
  // The first quarter is what it takes to notice.
  const auto per_second = [&] {
    ask_for(asked, run.round / 4);
    return ask_for(asked, run.round).per_second();
  };
  const auto lookups = in_turn(
      run.rounds,
      [&] {
        redis.hang();
        const auto without = per_second();
        redis.wake();
        return without;
      },
      per_second);
  report({"absences.redis", lookups.ratio(), "of lookups/s", at_least(0.4), lookups.ratio_spread(),
          fmt::format("{} of {} lookups/s, Redis hanging and Redis answering", grouped(median(lookups.a)),
                      grouped(median(lookups.b)))});
}

}  // namespace holdfast::bench
