#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace holdfast::metrics {

// Prometheus text format 0.0.4, as prometheus-cpp's TextSerializer writes it, which goes through a stream and renders
// each label anew for each bucket (docs/performance.md has what that takes). Numbers are the shortest that read as the
// same. Counters, gauges and histograms: there are no others.
std::string text_page(const std::vector<prometheus::MetricFamily>& families);

}  // namespace holdfast::metrics
