#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/metrics/registration.h"

namespace prometheus {
class Gauge;
}

// Numbers that Prometheus reads. Handles are resolved once, at start, and kept; using one is a few nanoseconds:
//
//   metrics::Counter opened = registry.counter("holdfast_tickets_opened_total", "Tickets opened.");
//   opened.add();
//
// Names are holdfast_<area>_<what>_<unit>, units are seconds and bytes, counters end in _total. Label values come from
// a small set known when the code is written: never an id, an agency or a text from outside. Breaking a rule of this
// paragraph is our bug and ends the process where the handle is resolved.
namespace holdfast::metrics {

using Labels = std::map<std::string, std::string>;

class CounterBlock;

// Handles may be copied, are used from any thread, and must not outlive the registry and its copies.
class Counter {
 public:
  void add(double amount = 1);

 private:
  friend class Registry;
  Counter(CounterBlock& block, size_t place) : block_(&block), place_(place) {}
  CounterBlock* block_;
  size_t place_;
};

class Gauge {
 public:
  void set(double value);
  void add(double amount);

 private:
  friend class Registry;
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  prometheus::Gauge* gauge_;
};

class ShardedHistogram;

class Histogram {
 public:
  void observe(double value);
  void observe(std::chrono::nanoseconds time) { observe(std::chrono::duration<double>(time).count()); }

 private:
  friend class Registry;
  explicit Histogram(ShardedHistogram& histogram) : histogram_(&histogram) {}
  ShardedHistogram* histogram_;
};

// Upper bounds in ascending order. A family keeps its bounds for life: dashboards and alerts are written against them.
using Buckets = std::vector<double>;

// From a near-cache hit (0.1 ms) to a hopeless request (10 s); 0.25 and 1 s are the bounds that objectives name.
const Buckets& latency_buckets_seconds();

// A process has one; copies are the same registry, perhaps with other constant labels. Any thread.
class Registry {
 public:
  Registry();

  // The same registry, whose metrics from here on carry one more label: registry.labelled("service", "tickets").
  Registry labelled(const std::string& name, const std::string& value) const;

  // The same name and labels give the same metric.
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {}) const;
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {}) const;
  Histogram histogram(const std::string& name, const std::string& help, const Buckets& buckets,
                      const Labels& labels = {}) const;

  // A gauge whose value is asked for at each scrape, on the admin server's thread: it must not block, throw, or use the
  // registry.
  Registration gauge_from(const std::string& name, const std::string& help, const Labels& labels,
                          std::function<double()> value) const;

  // The same for a number that only grows.
  Registration counter_from(const std::string& name, const std::string& help, const Labels& labels,
                            std::function<double()> value) const;

  // holdfast_build_info{version,revision,compiler} 1
  void set_build_info(const std::string& version, const std::string& revision) const;

  // Prometheus text format 0.0.4, families in the order of their names. Its cost is in the series.
  std::string text() const;

 private:
  struct State;
  Registry(std::shared_ptr<State> state, Labels labels) : state_(std::move(state)), labels_(std::move(labels)) {}
  Labels with_constant(const Labels& labels) const;

  std::shared_ptr<State> state_;
  Labels labels_;
};

}  // namespace holdfast::metrics
