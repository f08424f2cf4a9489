#include "bench/remembered.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "bench/bench.h"
#include "bench/things.h"
#include "runtime/core/call.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr int looks = 1000;
constexpr std::int64_t stored_last = 5000;
// More than there is room for, near and in the Redis of the bench.
constexpr std::int64_t most_stored = 200'000;
constexpr int storing_threads = 8;

std::int64_t first_of(std::int64_t accounts) { return std::max<std::int64_t>(0, accounts - most_stored); }

Call new_call() { return service_call(agency, "bench", std::chrono::seconds(30)); }

Result<cache::Loaded> load() { return cache::Loaded{stored_text(), 1}; }

// It was there: what had to be loaded would be another figure.
Result<cache::Loaded> refuse() { return fail(Reason::internal, "was forgotten"); }

double median_us(std::int64_t accounts, const std::function<void(const std::string&)>& look) {
  const Population last{.things = std::min(accounts, stored_last)};
  std::vector<double> took;
  for (int place = 0; place < looks; ++place) {
    const auto key = std::to_string(accounts - last.somewhere(place));
    const auto began = steady_clock::now();
    look(key);
    took.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - began).count());
  }
  return median(std::move(took));
}

cache::RedisAddress address() { return require(cache::parse_redis_address(environment("HOLDFAST_TEST_REDIS"))); }

void flush_redis() {
  const auto until = steady_clock::now() + std::chrono::seconds(10);
  require(require(cache::RedisConnection::connect(address(), {}, until))->command({"FLUSHALL"}, until));
}

}  // namespace

Remembered::Remembered(std::int64_t accounts)
    : accounts_(accounts), redis_({.address = address(), .service = "bench." + to_string(new_uuid())}, registry_) {
  if (!redis_.wait_until_linked(steady_clock::now() + std::chrono::seconds(10))) {
    throw std::runtime_error("Redis is not there");
  }
}

double Remembered::near_us() {
  for (auto key = first_of(accounts_); key < accounts_; ++key) {
    require(near_.get(new_call(), std::to_string(key), load));
  }
  return median_us(accounts_, [&](const std::string& key) {
    if (!near_.peek(key)) throw std::runtime_error("the near cache has forgotten what it kept last");
  });
}

void Remembered::store_in_redis() {
  flush_redis();
  std::atomic<std::int64_t> next{first_of(accounts_)};
  std::atomic<bool> failed{false};
  {
    std::vector<std::jthread> storing;
    for (int thread = 0; thread < storing_threads; ++thread) {
      storing.emplace_back([&] {
        for (auto key = next++; key < accounts_; key = next++) {
          if (!far_.get(new_call(), std::to_string(key), load)) failed = true;
        }
      });
    }
  }
  if (failed) throw std::runtime_error("Redis did not answer");
}

double Remembered::redis_us() {
  store_in_redis();
  return median_us(accounts_, [&](const std::string& key) { require(far_.get(new_call(), key, refuse)); });
}

}  // namespace holdfast::bench
