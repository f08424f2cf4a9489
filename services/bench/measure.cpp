#include "bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace holdfast::bench {
namespace {

bool none_missed = true;

std::string goal_text(const Goal& goal) {
  const auto number = goal.value >= 1000 ? grouped(goal.value) : fmt::format("{:.3g}", goal.value);
  return (goal.side == Goal::Side::at_least ? ">= " : "<= ") + number;
}

std::optional<bool> met(const Measure& measure) {
  if (!measure.goal) return std::nullopt;
  return measure.goal->side == Goal::Side::at_least ? measure.value >= measure.goal->value
                                                    : measure.value <= measure.goal->value;
}

}  // namespace

void report(const Measure& measure) {
  const auto reached = met(measure);
  none_missed = none_missed && reached.value_or(true);
  nlohmann::ordered_json line{{"name", measure.name}, {"value", measure.value}, {"unit", measure.unit}};
  line["goal"] = measure.goal ? nlohmann::ordered_json(goal_text(*measure.goal)) : nlohmann::ordered_json();
  line["met"] = reached ? nlohmann::ordered_json(*reached) : nlohmann::ordered_json();
  line["spread"] = measure.spread;
  line["baseline"] = measure.baseline;
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

bool all_met() { return none_missed; }

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return std::nan("");
  const auto place = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double spread(const std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto [smallest, largest] = std::ranges::minmax(values);
  return largest - smallest;
}

double InTurn::ratio_spread() const {
  std::vector<double> ratios;
  for (size_t round = 0; round < a.size(); ++round) ratios.push_back(a[round] / b[round]);
  return spread(ratios);
}

InTurn in_turn(int rounds, const std::function<double()>& a, const std::function<double()>& b) {
  InTurn brought;
  for (int round = 0; round < rounds; ++round) {
    brought.a.push_back(a());
    brought.b.push_back(b());
  }
  return brought;
}

std::string grouped(double number) {
  const auto digits = fmt::format("{:.0f}", number);
  std::string text;
  for (size_t place = 0; place < digits.size(); ++place) {
    if (place > 0 && (digits.size() - place) % 3 == 0 && digits[place - 1] != '-') text += ',';
    text += digits[place];
  }
  return text;
}

}  // namespace holdfast::bench
