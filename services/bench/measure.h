#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::bench {

struct Goal {
  enum class Side { at_least, at_most };
  Side side;
  double value;
};
inline Goal at_least(double value) { return {Goal::Side::at_least, value}; }
inline Goal at_most(double value) { return {Goal::Side::at_most, value}; }

// One figure of a run.
struct Measure {
  std::string name;
  double value = 0;
  std::string unit;
  std::optional<Goal> goal;
  double spread = 0;     // between the largest and the smallest of the rounds, in the same unit
  std::string baseline;  // what stood beside it in the same run
};

// Prints it as a line of JSON: name, value, unit, goal, met, spread, baseline.
void report(const Measure& measure);
// Whether all that were reported so far have met their goals.
bool all_met();

double median(std::vector<double> values);
double percentile(std::vector<double> values, double share);
double spread(const std::vector<double>& values);

// What two things brought that were done in turn: A, B, A, B …, so that a noisy neighbour meets both.
struct InTurn {
  std::vector<double> a, b;

  double ratio() const { return median(a) / median(b); }
  double ratio_spread() const;
};
InTurn in_turn(int rounds, const std::function<double()>& a, const std::function<double()>& b);

// "31,200"
std::string grouped(double number);

}  // namespace holdfast::bench
