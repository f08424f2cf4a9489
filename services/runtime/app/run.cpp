#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <future>

#include "runtime/app/ending.h"
#include "runtime/app/service.h"
#include "runtime/config/pages.h"
#include "runtime/log/log.h"

namespace holdfast::app {
namespace {

using namespace std::chrono_literals;

// Kubernetes waits 30 s before it kills. Calls have less than the whole, so that what they said still gets to Kafka.
constexpr auto end_patience = 25s;
constexpr auto call_patience = 20s;
// A connection that idles takes some 10 KiB of memory: this many are 160 MiB.
constexpr rlim_t most_descriptors = 16'384;

// SIGTERM and SIGINT are taken by the main thread alone, which waits for them; every thread made later inherits this.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error code, not our end
  return signals;
}

// Each connection takes a file descriptor, and shells allow few unless they are asked.
void allow_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= most_descriptors) return;
  limit.rlim_cur = std::min(limit.rlim_max, most_descriptors);
  setrlimit(RLIMIT_NOFILE, &limit);
}

int refuse(const Error& error, int code) {
  log::error("could not start", {{"error", describe(error)}});
  std::fprintf(stderr, "holdfast: %s\nholdfast: %s\n", error.message.c_str(),
               std::string(info(error.reason).remedy).c_str());
  return code;
}

// All at once: each waits for PostgreSQL to let it in and to say that there is nothing to migrate.
Result<> open(const std::vector<std::unique_ptr<Service>>& services) {
  std::vector<std::future<Result<>>> opening;
  for (const auto& service : services) {
    opening.push_back(std::async(std::launch::async, [&service] { return service->open(); }));
  }
  Result<> opened;
  for (auto& one : opening) {
    if (auto result = one.get(); opened && !result) opened = std::move(result);
  }
  return opened;
}

Result<> start(Process& process, const std::vector<std::unique_ptr<Service>>& services) {
  CHECK_OK(process.prepare());
  CHECK_OK(open(services));
  for (const auto& service : services) CHECK_OK(service->start());
  return process.serve();
}

Ending end(Process& process, const std::vector<std::unique_ptr<Service>>& services, Deadline calls_until) {
  process.readiness().drain();
  std::vector<Ending::Part> parts;
  for (const auto& service : services) {
    parts.push_back({[&service] { service->request_stop(); }, [&service] { service->stop(); }});
  }
  return Ending(parts, [&process, calls_until] { process.drain(calls_until); });
}

}  // namespace

int run(std::string_view program, std::string_view purpose, const std::vector<MakeService>& makers, int argc,
        char** argv) {
  const auto signals = block_signals();
  allow_descriptors();
  Process process;
  std::vector<std::unique_ptr<Service>> services;
  for (const auto make : makers) services.push_back(make(process));
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto loaded = process.settings().load(arguments, config::process_environment());
  if (!loaded) return refuse(loaded.error(), 2);
  if (*loaded == config::Settings::Request::help) {
    std::fputs(config::help_page(process.settings(), program, purpose).c_str(), stdout);
    return 0;
  }
  // As at the end: no service that has started is waited for.
  if (const auto started = start(process, services); !started) _exit(refuse(started.error(), 1));
  log::info("ready", {{"grpc_port", process.grpc_port()}, {"admin_port", process.admin_port()}});

  int received = 0;
  sigwait(&signals, &received);
  log::info("draining", {{"signal", received}});
  const auto now = std::chrono::steady_clock::now();
  auto ending = end(process, services, now + call_patience);
  if (ending.wait_until(now + end_patience)) {
    log::info("stopped");
  } else {
    log::warn("stopped; what was still in hand is done again, here or by another process");
  }
  _exit(0);
}

}  // namespace holdfast::app
