#include "runtime/metrics/metrics.h"

#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <cassert>
#include <mutex>
#include <set>

#include "runtime/core/uuid.h"
#include "runtime/metrics/counter_block.h"
#include "runtime/metrics/sharded_histogram.h"
#include "runtime/metrics/text_page.h"

namespace holdfast::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// What one family may have; a product of labels that passes it was not meant.
constexpr size_t most_series = 2000;

enum class Kind { counter, gauge, histogram, gauge_from, counter_from };

MetricType type_of(Kind kind) {
  switch (kind) {
    case Kind::counter:
    case Kind::counter_from:
      return MetricType::Counter;
    case Kind::histogram:
      return MetricType::Histogram;
    case Kind::gauge:
    case Kind::gauge_from:
      return MetricType::Gauge;
  }
  return MetricType::Gauge;
}

bool is_lower_snake(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '_';
  });
}

bool labels_are_allowed(const Labels& labels) {
  return std::ranges::all_of(labels, [](const auto& label) {
    return is_lower_snake(label.first) && label.first != "le" && !parse_uuid(label.second);
  });
}

std::vector<ClientMetric::Label> to_prometheus(const Labels& labels) {
  std::vector<ClientMetric::Label> list;
  for (const auto& [name, value] : labels) list.push_back({name, value});
  return list;
}

// One name: its kind, its help, and what it consists of.
struct Family {
  Kind kind;
  std::string help;
  std::set<Labels> series;
  std::map<Labels, size_t> counters;  // which of the registry's
  std::map<Labels, std::unique_ptr<ShardedHistogram>> histograms;
  std::map<Labels, std::function<double()>> values;
};

}  // namespace

// Gauges live in prometheus-cpp's registry, the rest in ours.
struct Registry::State {
  Family& family(const std::string& name, const std::string& help, Kind kind, const Labels& labels) {
    assert(name.starts_with("holdfast_") && is_lower_snake(name));
    assert(name.ends_with("_total") == (kind == Kind::counter || kind == Kind::counter_from));
    assert(labels_are_allowed(labels));
    Family& family = families.try_emplace(name, Family{kind, help, {}, {}, {}, {}}).first->second;
    assert(family.kind == kind && family.help == help);
    family.series.insert(labels);
    assert(family.series.size() <= most_series);
    return family;
  }

  static Registration add(const std::shared_ptr<State>& state, const std::string& name, const std::string& help,
                          Kind kind, const Labels& labels, std::function<double()> value) {
    const std::lock_guard lock(state->mutex);
    [[maybe_unused]] const bool is_new =
        state->family(name, help, kind, labels).values.emplace(labels, std::move(value)).second;
    assert(is_new);
    return Registration([state, name, labels] {
      const std::lock_guard unlock(state->mutex);
      state->families.at(name).values.erase(labels);
    });
  }

  CounterBlock& block_of(size_t counter) { return *blocks[counter / CounterBlock::places]; }
  static size_t place_of(size_t counter) { return counter % CounterBlock::places; }

  // The number of a counter that nobody has.
  size_t new_counter() {
    if (place_of(counters) == 0) blocks.push_back(std::make_unique<CounterBlock>());
    return counters++;
  }

  void collect(const Family& family, MetricFamily& into) {
    for (const auto& [labels, counter] : family.counters) {
      into.metric.emplace_back().label = to_prometheus(labels);
      into.metric.back().counter.value = block_of(counter).sum(place_of(counter));
    }
    for (const auto& [labels, histogram] : family.histograms) {
      into.metric.emplace_back().label = to_prometheus(labels);
      into.metric.back().histogram = histogram->collect();
    }
    for (const auto& [labels, value] : family.values) {
      auto& metric = into.metric.emplace_back();
      metric.label = to_prometheus(labels);
      (into.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value();
    }
  }

  std::mutex mutex;
  prometheus::Registry registry;
  std::vector<std::unique_ptr<CounterBlock>> blocks;
  size_t counters = 0;
  std::map<std::string, Family> families;
};

const Buckets& latency_buckets_seconds() {
  static const Buckets buckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                               0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return buckets;
}

void Counter::add(double amount) { block_->add(place_, amount); }
void Gauge::set(double value) { gauge_->Set(value); }
void Gauge::add(double amount) { gauge_->Increment(amount); }
void Histogram::observe(double value) { histogram_->observe(value); }

Registry::Registry() : state_(std::make_shared<State>()) {}

Registry Registry::labelled(const std::string& name, const std::string& value) const {
  return {state_, with_constant({{name, value}})};
}

Labels Registry::with_constant(const Labels& labels) const {
  Labels all = labels;
  for (const auto& label : labels_) {
    [[maybe_unused]] const bool is_new = all.insert(label).second;
    assert(is_new);
  }
  return all;
}

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) const {
  const std::lock_guard lock(state_->mutex);
  const Labels all = with_constant(labels);
  auto& counters = state_->family(name, help, Kind::counter, all).counters;
  const auto found = counters.find(all);
  const size_t counter = found == counters.end() ? state_->new_counter() : found->second;
  counters.emplace(all, counter);
  return {state_->block_of(counter), State::place_of(counter)};
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) const {
  const std::lock_guard lock(state_->mutex);
  const Labels all = with_constant(labels);
  state_->family(name, help, Kind::gauge, all);
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
  return Gauge(family.Add({all.begin(), all.end()}));
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const Buckets& buckets,
                              const Labels& labels) const {
  const std::lock_guard lock(state_->mutex);
  const Labels all = with_constant(labels);
  Family& family = state_->family(name, help, Kind::histogram, all);
  auto& histogram = family.histograms[all];
  if (!histogram) histogram = std::make_unique<ShardedHistogram>(buckets);
  assert(histogram->bounds() == buckets);
  return Histogram(*histogram);
}

Registration Registry::gauge_from(const std::string& name, const std::string& help, const Labels& labels,
                                  std::function<double()> value) const {
  return State::add(state_, name, help, Kind::gauge_from, with_constant(labels), std::move(value));
}

Registration Registry::counter_from(const std::string& name, const std::string& help, const Labels& labels,
                                    std::function<double()> value) const {
  return State::add(state_, name, help, Kind::counter_from, with_constant(labels), std::move(value));
}

void Registry::set_build_info(const std::string& version, const std::string& revision) const {
  gauge("holdfast_build_info", "What this process was built from; always 1.",
        {{"version", version}, {"revision", revision}, {"compiler", "g++ " __VERSION__}})
      .set(1);
}

std::string Registry::text() const {
  std::vector<MetricFamily> collected;
  {
    // Held while functions are asked for their values: so a Registration that is gone is never called.
    const std::lock_guard lock(state_->mutex);
    collected = state_->registry.Collect();
    for (const auto& [name, family] : state_->families) {
      if (family.counters.empty() && family.histograms.empty() && family.values.empty()) continue;
      state_->collect(family, collected.emplace_back(MetricFamily{name, family.help, type_of(family.kind), {}}));
    }
  }
  std::ranges::sort(collected, {}, &MetricFamily::name);
  return text_page(collected);
}

}  // namespace holdfast::metrics
