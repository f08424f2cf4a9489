#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "bench.pb.h"
#include "bench/bench.h"
#include "bench/child.h"
#include "bench/rpc_load.h"
#include "bench/things.h"
#include "runtime/core/call.h"
#include "runtime/metrics/metrics.h"
#include "runtime/rpc/observer.h"

namespace holdfast::bench {
namespace {

std::string bytes_of(const std::string& content) {
  Text text;
  text.set_text(content);
  return text.SerializeAsString();
}

const std::string hundred_bytes = bytes_of(std::string(100, 'x'));

Asked echo(const Child& server, const std::string& method) {
  return {server.address(), method, [](std::int64_t) { return hundred_bytes; }, server.authorization()};
}

constexpr auto bare_echo = "/holdfast.bench.Bare/Echo";
constexpr auto inline_echo = "/holdfast.bench.EchoService/Inline";
constexpr auto queued_echo = "/holdfast.bench.EchoService/Queued";

// Calls a second, and in passing what each cost the server.
struct Server {
  const Child& child;
  Asked asked;
  std::vector<double> cpu_us{};

  double operator()(std::chrono::milliseconds time) {
    const auto before = child.cpu_seconds();
    const auto answered = ask_for(asked, time);
    cpu_us.push_back((child.cpu_seconds() - before) * 1e6 / static_cast<double>(answered.calls));
    return answered.per_second();
  }
};

void compare(const Run& run, const std::string& name, Server a, Server b, const Goal& goal,
             const std::string& baseline) {
  a(run.round / 4);
  b(run.round / 4);
  a.cpu_us.clear();
  b.cpu_us.clear();
  const auto calls = in_turn(
      run.rounds, [&] { return a(run.round); }, [&] { return b(run.round); });
  report({name, calls.ratio(), "of calls/s", goal, calls.ratio_spread(),
          fmt::format("{} of {} calls/s, {}", grouped(median(calls.a)), grouped(median(calls.b)), baseline)});
  report({name + ".cpu", median(a.cpu_us) / median(b.cpu_us), "of CPU/call", std::nullopt,
          spread(a.cpu_us) / median(b.cpu_us),
          fmt::format("{:.1f} of {:.1f} us of the server, {}", median(a.cpu_us), median(b.cpu_us), baseline)});
}

// What a call costs the server in instructions: the difference of two runs, so that starting costs nothing.
double instructions(const std::string& served, const std::string& method) {
  const auto counted = [&](std::int64_t calls) {
    const auto file = std::filesystem::temp_directory_path() / fmt::format("callgrind.{}.{}", getpid(), calls);
    {
      Child server({"valgrind", "--tool=callgrind", "--log-file=/dev/null", "--callgrind-out-file=" + file.string()},
                   served, -1);
      ask_times(echo(server, method), calls);
    }
    std::ifstream lines(file);
    std::string line;
    double sum = 0;
    while (std::getline(lines, line)) {
      if (line.starts_with("summary:") || line.starts_with("totals:")) sum = std::stod(line.substr(line.find(' ')));
    }
    std::filesystem::remove(file);
    if (sum == 0) throw std::runtime_error("callgrind counted nothing: is valgrind there?");
    return sum;
  };
  constexpr std::int64_t few = 1000, many = 5000;
  const auto first = counted(few);
  return (counted(many) - first) / static_cast<double>(many - few);
}

}  // namespace

void measure_rpc(const Run& run) {
  const Child bare({}, "bare", core_of_server());
  const Child adapter({}, "adapter", core_of_server());
  stay_on(core_of_client());
  const Server base{bare, echo(bare, bare_echo)};
  compare(run, "rpc.inline", {adapter, echo(adapter, inline_echo)}, base, at_least(0.85), "a bare echo");
  compare(run, "rpc.queued", {adapter, echo(adapter, queued_echo)}, base, at_least(0.85), "a bare echo");
  stay_on(-1);
}

void measure_instructions(const Run& run) {
  const auto bare = instructions("bare", bare_echo);
  for (const auto& [name, method] :
       {std::pair{"rpc.inline.instructions", inline_echo}, std::pair{"rpc.queued.instructions", queued_echo}}) {
    const auto ours = instructions("adapter", method);
    report({name, ours / bare, "of instr./call", at_most(run.instructions), 0,
            fmt::format("{} of {}, a bare echo", grouped(ours), grouped(bare))});
  }
}

void measure_metrics(const Run& run) {
  metrics::Registry registry;
  std::vector<rpc::MethodMetrics> methods;
  for (int method = 0; method < 60; ++method) {
    methods.emplace_back(registry, fmt::format("holdfast.bench.EchoService/Method{}", method));
  }
  constexpr int counted = 2'000'000;
  std::vector<double> costs_ns, scrapes_ms;
  for (int round = 0; round < run.rounds; ++round) {
    const auto began = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> threads;
      for (int thread = 0; thread < 2; ++thread) {
        threads.emplace_back([&] {
          for (int call = 0; call < counted; ++call) methods[0].count({}, std::chrono::microseconds(call % 1000));
        });
      }
    }
    costs_ns.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - began).count() /
                       counted);
    const auto scrape = std::chrono::steady_clock::now();
    const auto bytes = registry.text().size();
    scrapes_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - scrape).count());
    if (bytes == 0) throw std::runtime_error("an empty scrape");
  }
  report({"metrics.count", median(costs_ns), "ns/RPC", at_most(50), spread(costs_ns), "2 threads, one method"});
  report({"metrics.scrape", median(scrapes_ms), "ms", at_most(5), spread(scrapes_ms), "60 methods"});
}

void measure_lookup(const Run& run) {
  const Things things;
  things.run(fmt::format("INSERT INTO cards SELECT '{}', n, '{}' FROM generate_series(0, 999) AS n", to_string(agency),
                         stored_text()));
  setenv("HOLDFAST_BENCH_DATABASE", things.temporary.url().c_str(), 1);
  const Child bare({}, "bare", -1);
  const Child lookup({}, "lookup", -1);
  const auto asking = [&](const Child& server, const std::string& method) {
    auto asked = echo(server, method);
    asked.request = [](std::int64_t number) { return bytes_of(std::to_string(number % 1000)); };
    return asked;
  };
  const Server base{bare, asking(bare, "/holdfast.bench.Bare/Lookup")};
  const auto tier = [&](const char* name, const char* method, double goal) {
    compare(run, name, {lookup, asking(lookup, std::string("/holdfast.bench.LookupService/") + method)}, base,
            at_least(goal), "a bare answer of the same size");
  };
  tier("lookup.near", "Near", 0.95);
  tier("lookup.redis", "Redis", 0.70);
  tier("lookup.postgres", "Postgres", 0.45);
}

}  // namespace holdfast::bench
