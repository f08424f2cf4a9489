#include "runtime/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <barrier>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <latch>
#include <limits>
#include <thread>

#include "runtime/core/uuid.h"
#include "runtime/metrics/sharded_histogram.h"
#include "runtime/metrics/text_page.h"

namespace holdfast::metrics {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

struct Verdict {
  int status;
  std::string output;
};

// What Prometheus's own checker says about a page.
Verdict promtool(const std::string& page) {
  const std::string path = ::testing::TempDir() + "metrics_test_" + std::to_string(getpid());
  std::ofstream(path) << page;
  FILE* pipe = popen(("promtool check metrics < " + path + " 2>&1").c_str(), "r");
  std::string output;
  for (int character = 0; (character = std::fgetc(pipe)) != EOF;) output += static_cast<char>(character);
  const int status = pclose(pipe);
  std::remove(path.c_str());
  return {status, output};
}

TEST(Metrics, SatisfyPrometheusOwnChecker) {
  const Registry registry;
  registry.set_build_info("0.1.0", "238654e");
  registry.counter("holdfast_tickets_opened_total", "Tickets opened.").add();
  registry.gauge("holdfast_sql_connections", "Connections open.", {{"state", "idle"}}).set(3);
  const Registration depth =
      registry.gauge_from("holdfast_outbox_age_seconds", "Age of the oldest event.", {}, [] { return 1.5; });
  const Registration sent = registry.counter_from("holdfast_relay_events_sent_total", "Sent.", {}, [] { return 7.0; });
  registry
      .histogram("holdfast_rpc_duration_seconds", "Time from first byte to answer.", latency_buckets_seconds(),
                 {{"method", "OpenTicket \"quoted\" \\ \n"}})
      .observe(3ms);
  const auto verdict = promtool(registry.text());
  EXPECT_EQ(verdict.status, 0) << verdict.output << registry.text();
  EXPECT_EQ(verdict.output, "");
  EXPECT_NE(promtool("holdfast_lacking_help_total 1\n").status, 0);
}

TEST(Metrics, AValueOfSomebodyElseIsACounterOrAGauge) {
  const Registry registry;
  const Registration sent = registry.counter_from("holdfast_sent_total", "Sent.", {}, [] { return 7.0; });
  const Registration waiting = registry.gauge_from("holdfast_waiting", "Waiting.", {}, [] { return 3.0; });
  EXPECT_THAT(registry.text(), HasSubstr("# TYPE holdfast_sent_total counter\nholdfast_sent_total 7\n"));
  EXPECT_THAT(registry.text(), HasSubstr("# TYPE holdfast_waiting gauge\nholdfast_waiting 3\n"));
}

TEST(Metrics, ReadAsTheyWereWritten) {
  const Registry registry;
  const Registry tickets = registry.labelled("service", "tickets");
  Counter opened = tickets.counter("holdfast_tickets_opened_total", "Tickets opened.", {{"severity", "high"}});
  opened.add();
  opened.add(2);
  Gauge idle = registry.gauge("holdfast_sql_idle_connections", "Connections that wait.");
  idle.set(5);
  idle.add(-2);
  Histogram duration = registry.histogram("holdfast_rpc_duration_seconds", "Time taken.", {0.001, 0.25});
  duration.observe(1ms);
  duration.observe(0.5);
  EXPECT_EQ(registry.text(),
            "# HELP holdfast_rpc_duration_seconds Time taken.\n"
            "# TYPE holdfast_rpc_duration_seconds histogram\n"
            "holdfast_rpc_duration_seconds_count 2\n"
            "holdfast_rpc_duration_seconds_sum 0.501\n"
            "holdfast_rpc_duration_seconds_bucket{le=\"0.001\"} 1\n"
            "holdfast_rpc_duration_seconds_bucket{le=\"0.25\"} 1\n"
            "holdfast_rpc_duration_seconds_bucket{le=\"+Inf\"} 2\n"
            "# HELP holdfast_sql_idle_connections Connections that wait.\n"
            "# TYPE holdfast_sql_idle_connections gauge\n"
            "holdfast_sql_idle_connections 3\n"
            "# HELP holdfast_tickets_opened_total Tickets opened.\n"
            "# TYPE holdfast_tickets_opened_total counter\n"
            "holdfast_tickets_opened_total{service=\"tickets\",severity=\"high\"} 3\n");
}

using prometheus::MetricFamily;
using prometheus::MetricType;

TEST(TextPage, ReadsAsTheLibrarysOwn) {
  std::vector<MetricFamily> families{{"holdfast_sent_total", "Sent.", MetricType::Counter, {}},
                                     {"holdfast_age_seconds", "Age.", MetricType::Gauge, {}},
                                     {"holdfast_took_seconds", "Took.", MetricType::Histogram, {}}};
  for (const double value : {0.0, 7.0, 1'000'000.0, 123'456'789'012.0}) {
    families[0].metric.emplace_back().label = {{"method", "a"}, {"code", std::to_string(value)}};
    families[0].metric.back().counter.value = value;
  }
  for (const double value : {-0.5, 0.00025, 1e-9, 1e300, -3.0, std::nan(""), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()}) {
    families[1].metric.emplace_back().gauge.value = value;
  }
  for (const auto& label : {std::vector<prometheus::ClientMetric::Label>{}, {{"method", R"(a "b" \ c)"}}}) {
    ShardedHistogram histogram(latency_buckets_seconds());
    histogram.observe(0.25);
    families[2].metric.emplace_back().label = label;
    families[2].metric.back().histogram = histogram.collect();
  }
  EXPECT_EQ(text_page(families), prometheus::TextSerializer().Serialize(families));
}

// The library's would break the line in two, and the scrape with it.
TEST(TextPage, KeepsALabelOnOneLine) {
  MetricFamily family{"holdfast_sent_total", "Sent.", MetricType::Counter, {}};
  family.metric.emplace_back().label = {{"method", "a\nb"}};
  EXPECT_THAT(text_page({family}), HasSubstr("\nholdfast_sent_total{method=\"a\\nb\"} 0\n"));
}

TEST(Metrics, CountEveryAddOfEveryThread) {
  constexpr int threads = 20;  // more than shards
  constexpr int adds = 20'000;
  const Registry registry;
  // More than a block of them, so that neighbours would show what is added in the wrong place.
  std::vector<Counter> counters;
  for (int index = 0; index < 12; ++index) {
    counters.push_back(registry.counter("holdfast_sent_total", "Sent.", {{"n", std::to_string(index)}}));
  }
  {
    std::vector<std::jthread> adders;
    for (int thread = 0; thread < threads; ++thread) {
      adders.emplace_back([&] {
        for (int count = 0; count < adds; ++count) counters[count % 2 == 0 ? 3 : 11].add(count % 2 == 0 ? 1 : 2);
      });
    }
  }
  const auto page = registry.text();
  EXPECT_THAT(page, HasSubstr("holdfast_sent_total{n=\"3\"} 200000\n"));
  EXPECT_THAT(page, HasSubstr("holdfast_sent_total{n=\"11\"} 400000\n"));
  EXPECT_THAT(page, HasSubstr("holdfast_sent_total{n=\"2\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("holdfast_sent_total{n=\"10\"} 0\n"));
}

TEST(Metrics, AreTheSameForTheSameNameAndLabels) {
  const Registry registry;
  registry.counter("holdfast_a_total", "A.", {{"x", "1"}}).add();
  registry.counter("holdfast_a_total", "A.", {{"x", "1"}}).add();
  registry.histogram("holdfast_b_seconds", "B.", {1}).observe(1);
  registry.histogram("holdfast_b_seconds", "B.", {1}).observe(1);
  EXPECT_THAT(registry.text(), HasSubstr("holdfast_a_total{x=\"1\"} 2\n"));
  EXPECT_THAT(registry.text(), HasSubstr("holdfast_b_seconds_count 2\n"));
}

TEST(Metrics, AskAFunctionUntilItsRegistrationDies) {
  const Registry registry;
  double depth = 7;
  {
    Registration moved;
    {
      Registration queue =
          registry.gauge_from("holdfast_queue_depth", "Waiting.", {{"queue", "sql"}}, [&] { return depth; });
      const Registration other =
          registry.gauge_from("holdfast_queue_depth", "Waiting.", {{"queue", "mail"}}, [] { return 1.0; });
      EXPECT_THAT(registry.text(), HasSubstr("holdfast_queue_depth{queue=\"sql\"} 7\n"));
      EXPECT_THAT(registry.text(), HasSubstr("holdfast_queue_depth{queue=\"mail\"} 1\n"));
      moved = std::move(queue);
    }
    depth = 8;
    EXPECT_THAT(registry.text(), HasSubstr("holdfast_queue_depth{queue=\"sql\"} 8\n"));
    EXPECT_THAT(registry.text(), Not(HasSubstr("mail")));
  }
  EXPECT_EQ(registry.text(), "");
}

TEST(MetricsDeathTest, BreakingANamingRuleEndsTheProcess) {
  const Registry registry;
  const Registration taken = registry.gauge_from("holdfast_taken", "Taken.", {}, [] { return 1.0; });
  EXPECT_DEATH(registry.counter("tickets_opened_total", ""), "holdfast_");
  EXPECT_DEATH(registry.counter("holdfast_Opened_total", ""), "is_lower_snake");
  EXPECT_DEATH(registry.counter("holdfast_opened", ""), "_total");
  EXPECT_DEATH(registry.gauge("holdfast_open_total", ""), "_total");
  EXPECT_DEATH(registry.gauge("holdfast_open", "", {{"agency", to_string(new_uuid())}}), "labels_are_allowed");
  EXPECT_DEATH(registry.gauge("holdfast_open", "", {{"le", "1"}}), "labels_are_allowed");
  EXPECT_DEATH(registry.gauge("holdfast_taken", "Taken."), "kind == kind");
  EXPECT_DEATH((void)registry.gauge_from("holdfast_taken", "Taken.", {}, [] { return 2.0; }), "is_new");
  EXPECT_DEATH(registry.labelled("a", "1").gauge("holdfast_open", "", {{"a", "2"}}), "is_new");
  EXPECT_DEATH(registry.histogram("holdfast_a_seconds", "", {2, 1}), "adjacent_find");
  EXPECT_DEATH(registry.histogram("holdfast_a_seconds", "", {}), "empty");
  EXPECT_DEATH(
      for (int series = 0; series <= 2000; ++series) {
        registry.counter("holdfast_a_total", "", {{"n", std::to_string(series)}});
      },
      "most_series");
}

TEST(ShardedHistogram, CountsAValueInTheFirstBucketThatHoldsIt) {
  ShardedHistogram histogram({1, 2});
  for (const double value : {0.5, 1.0, 1.5, 2.0, 2.5, -1.0, std::numeric_limits<double>::infinity()}) {
    histogram.observe(value);
  }
  const auto collected = histogram.collect();
  ASSERT_EQ(collected.bucket.size(), 3);
  EXPECT_EQ(collected.bucket[0].cumulative_count, 3);
  EXPECT_EQ(collected.bucket[1].cumulative_count, 5);
  EXPECT_EQ(collected.bucket[2].cumulative_count, 7);
  EXPECT_EQ(collected.sample_count, 7);
  EXPECT_EQ(collected.sample_sum, std::numeric_limits<double>::infinity());
}

TEST(ShardedHistogram, AddsUpAtEveryScrape) {
  constexpr int threads = 4;
  constexpr int observations = 50'000;
  ShardedHistogram histogram({1, 2});
  {
    std::vector<std::jthread> observers;
    for (int thread = 0; thread < threads; ++thread) {
      observers.emplace_back([&] {
        for (int count = 0; count < observations; ++count) histogram.observe(count % 3);
      });
    }
    for (std::uint64_t before = 0, scrape = 0; scrape < 100; ++scrape) {
      const auto collected = histogram.collect();
      EXPECT_EQ(collected.sample_count, collected.bucket.back().cumulative_count);
      EXPECT_GE(collected.sample_count, before);
      before = collected.sample_count;
    }
  }
  const auto collected = histogram.collect();
  EXPECT_EQ(collected.sample_count, threads * observations);
  double sum = 0;
  for (int count = 0; count < observations; ++count) sum += count % 3;
  EXPECT_EQ(collected.sample_sum, threads * sum);
}

TEST(ShardedHistogram, LosesNothingWhereThreadsShareAShard) {
  constexpr int observations = 3'000'000;
  ShardedHistogram histogram({2});
  histogram.observe(1);
  // One thread more than shards: this one has the first, the idle ones have the others, so the last joins the first.
  std::latch all_placed(shard_count - 1);
  std::latch finished(1);
  std::vector<std::jthread> idle;
  for (size_t shard = 1; shard < shard_count; ++shard) {
    idle.emplace_back([&] {
      histogram.observe(1);
      all_placed.count_down();
      finished.wait();
    });
  }
  all_placed.wait();
  std::barrier both(2);
  const auto observe_many = [&] {
    both.arrive_and_wait();
    for (int count = 0; count < observations; ++count) histogram.observe(1);
  };
  std::jthread other(observe_many);
  observe_many();
  other.join();
  finished.count_down();
  const auto collected = histogram.collect();
  EXPECT_EQ(collected.sample_count, shard_count + 2 * observations);
  EXPECT_EQ(collected.sample_sum, static_cast<double>(collected.sample_count));
}

}  // namespace
}  // namespace holdfast::metrics
