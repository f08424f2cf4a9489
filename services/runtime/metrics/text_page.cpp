#include "runtime/metrics/text_page.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace holdfast::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

void append(std::string& page, std::uint64_t number) { page += std::to_string(number); }

void append(std::string& page, double number) {
  if (std::isnan(number)) {
    page += "Nan";
  } else if (std::isinf(number)) {
    page += number < 0 ? "-Inf" : "+Inf";
  } else if (std::trunc(number) == number && std::abs(number) < 1e15) {
    page += std::to_string(static_cast<std::int64_t>(number));  // never 1e+06
  } else {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number, std::chars_format::general).ptr;
    page.append(digits.data(), end);
  }
}

void append_label(std::string& page, std::string_view name, std::string_view value) {
  page.append(name).append("=\"");
  for (const char character : value) {
    if (character == '\n') {
      page += "\\n";
      continue;
    }
    if (character == '\\' || character == '"') page += '\\';
    page += character;
  }
  page += '"';
}

// What the lines of one metric begin with: all but the suffix of the name is the same in each.
class Head {
 public:
  Head(const MetricFamily& family, const ClientMetric& metric) : name_(family.name) {
    for (const auto& label : metric.label) {
      if (!labels_.empty()) labels_ += ',';
      append_label(labels_, label.name, label.value);
    }
  }

  void begin_line(std::string& page, std::string_view suffix) const {
    page.append(name_).append(suffix);
    if (!labels_.empty()) page.append("{").append(labels_).append("}");
    page += ' ';
  }

  void begin_bucket(std::string& page, double bound) const {
    page.append(name_).append("_bucket{").append(labels_).append(labels_.empty() ? "le=\"" : ",le=\"");
    append(page, bound);
    page += "\"} ";
  }

 private:
  const std::string& name_;
  std::string labels_;
};

template <class Number>
void end_line(std::string& page, Number number) {
  append(page, number);
  page += '\n';
}

void append_histogram(std::string& page, const Head& head, const ClientMetric::Histogram& histogram) {
  head.begin_line(page, "_count");
  end_line(page, histogram.sample_count);
  head.begin_line(page, "_sum");
  end_line(page, histogram.sample_sum);
  for (const auto& bucket : histogram.bucket) {  // the last one's bound is infinite
    head.begin_bucket(page, bucket.upper_bound);
    end_line(page, bucket.cumulative_count);
  }
}

std::string_view type_name(MetricType type) {
  return type == MetricType::Counter ? "counter" : type == MetricType::Histogram ? "histogram" : "gauge";
}

}  // namespace

std::string text_page(const std::vector<MetricFamily>& families) {
  std::string page;
  for (const auto& family : families) {
    page.append("# HELP ").append(family.name).append(" ").append(family.help);
    page.append("\n# TYPE ").append(family.name).append(" ").append(type_name(family.type)).append("\n");
    for (const auto& metric : family.metric) {
      const Head head(family, metric);
      if (family.type == MetricType::Histogram) {
        append_histogram(page, head, metric.histogram);
        continue;
      }
      head.begin_line(page, "");
      end_line(page, family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value);
    }
  }
  return page;
}

}  // namespace holdfast::metrics
