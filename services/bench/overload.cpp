#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "bench.pb.h"
#include "bench/bench.h"
#include "bench/child.h"
#include "bench/open_load.h"
#include "bench/rpc_load.h"

namespace holdfast::bench {
namespace {

using std::chrono::milliseconds;

constexpr auto held = "/holdfast.bench.EchoService/Held";
constexpr milliseconds window{100};

struct Served {
  Child child{{}, "adapter", core_of_server()};

  // The server's own numbers: the sum over what its page of metrics has of a name.
  double number(const std::string& name) const {
    Text answer;
    answer.ParseFromString(ask_once({child.address(), "/holdfast.bench.EchoService/Metrics",
                                     [](std::int64_t) { return std::string(); }, child.authorization()}));
    double sum = 0;
    for (size_t at = answer.text().find("\n" + name); at != std::string::npos;
         at = answer.text().find("\n" + name, at + 1)) {
      const auto end = answer.text().find('\n', at + 1);
      const auto line = answer.text().substr(at, end - at);
      sum += std::stod(line.substr(line.rfind(' ')));
    }
    return sum;
  }

  Offered offered(double per_second) const {
    Text text;
    text.set_text(std::string(100, 'x'));
    return {child.address(), held, text.SerializeAsString(), child.authorization(), per_second};
  }

  double peak(milliseconds time) const {
    const auto request = offered(0).request;
    return ask_for({child.address(), held, [&](std::int64_t) { return request; }, child.authorization(), 64}, time)
        .per_second();
  }
};

double share(const std::vector<Outcome>& outcomes, bool Outcome::*which) {
  return static_cast<double>(std::ranges::count(outcomes, true, which)) / static_cast<double>(outcomes.size());
}

std::vector<double> latencies(const std::vector<Outcome>& outcomes) {
  std::vector<double> taken;
  for (const auto& outcome : outcomes) {
    if (outcome.answered) taken.push_back(outcome.took_ms);
  }
  return taken;
}

// From the first call on until a window in which all are answered, half of them as quickly as they used to be or twice
// that.
double recovery_s(const std::vector<Outcome>& outcomes, double usual_ms) {
  const auto windows = static_cast<size_t>(outcomes.back().began_s * 1000 / static_cast<double>(window.count())) + 1;
  std::vector<std::vector<Outcome>> by_window(windows + 1);
  for (const auto& outcome : outcomes) {
    by_window[static_cast<size_t>(outcome.began_s * 1000 / static_cast<double>(window.count()))].push_back(outcome);
  }
  for (size_t index = 0; index < by_window.size(); ++index) {
    const auto& calls = by_window[index];
    if (calls.empty() || share(calls, &Outcome::answered) < 1) continue;
    if (median(latencies(calls)) <= 2 * usual_ms) return static_cast<double>(index) * window.count() / 1000.0;
  }
  throw std::runtime_error("it does not recover");
}

}  // namespace

void measure_overload(const Run& run) {
  std::vector<double> peaks, goodputs, ratios, late, recoveries, refused, quick;
  for (int round = 0; round < run.rounds; ++round) {
    const Served served;
    stay_on(core_of_client());
    served.peak(run.round / 4);
    peaks.push_back(served.peak(run.round));
    const auto usual = median(latencies(offer(served.offered(peaks.back() / 2), run.round)));
    const auto late_before = served.number("holdfast_rpc_late_total");
    const auto crowd = offer(served.offered(5 * peaks.back()), run.round * 2);
    const auto answered = share(crowd, &Outcome::answered) * static_cast<double>(crowd.size());
    const auto after = offer(served.offered(peaks.back() / 2), std::chrono::seconds(4));
    goodputs.push_back(answered / std::chrono::duration<double>(run.round * 2).count());
    ratios.push_back(goodputs.back() / peaks.back());
    late.push_back((served.number("holdfast_rpc_late_total") - late_before) / answered);
    refused.push_back(share(crowd, &Outcome::refused));
    quick.push_back(median(latencies(crowd)));
    recoveries.push_back(recovery_s(after, usual));
    stay_on(-1);
  }
  const auto asked = fmt::format("5 x {} calls/s for {} s, deadline 250 ms; {:.0f} % refused with RetryInfo",
                                 grouped(median(peaks)), run.round.count() * 2 / 1000, 100 * median(refused));
  report({"overload.goodput", median(ratios), "of peak", at_least(0.9), spread(ratios), asked});
  report({"overload.late", median(late), "of the answered", at_most(0.01), spread(late),
          "handlers that ended after their caller's deadline, by the server's own count"});
  report({"overload.recovery", median(recoveries), "s", at_most(2), spread(recoveries),
          fmt::format("until half of peak is answered as quickly as before or twice that; {:.0f} ms p50 under overload",
                      median(quick))});
}

}  // namespace holdfast::bench
