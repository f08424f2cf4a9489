#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace holdfast::events {

// Places in the outbox as runs of numbers without a gap: few, as a rule, and no place that was not among them.
struct Ranges {
  std::vector<std::int64_t> first, last;  // of each run, both included
};

inline Ranges ranges_of(std::vector<std::int64_t> places) {
  std::ranges::sort(places);
  Ranges ranges;
  for (const auto place : places) {
    if (!ranges.last.empty() && place <= ranges.last.back() + 1) {
      ranges.last.back() = place;
    } else {
      ranges.first.push_back(place);
      ranges.last.push_back(place);
    }
  }
  return ranges;
}

}  // namespace holdfast::events
