#include "runtime/rpc/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

namespace holdfast::rpc {
namespace {

struct Counts {
  std::atomic<int> run{0};
  std::atomic<int> refused{0};
  std::counting_semaphore<> ended{0};
};

class CountedJob final : public Job {
 public:
  explicit CountedJob(Counts& counts) : counts_(counts) {}
  bool run() noexcept override {
    ++counts_.run;
    end();
    return true;
  }
  void refuse() noexcept override {
    ++counts_.refused;
    end();
  }

 private:
  void end() {
    Counts& counts = counts_;
    delete this;
    counts.ended.release();
  }

  Counts& counts_;
};

// Holds a thread until it may go on.
class BlockingJob final : public Job {
 public:
  bool run() noexcept override {
    reached.release();
    opened.acquire();
    left.release();
    return true;
  }
  void refuse() noexcept override {}

  std::binary_semaphore reached{0};
  std::binary_semaphore opened{0};
  std::binary_semaphore left{0};
};

TEST(Executor, RunsEveryJobOfManySubmitters) {
  Counts counts;
  constexpr int submitters = 4;
  constexpr int jobs = 5000;
  Executor executor({.threads = 3, .queued_jobs = submitters * jobs, .queued_bytes = 1});
  {
    std::vector<std::jthread> threads;
    for (int index = 0; index < submitters; ++index) {
      threads.emplace_back([&] {
        for (int job = 0; job < jobs; ++job) executor.submit(*new CountedJob(counts), 0);
      });
    }
  }
  for (int job = 0; job < submitters * jobs; ++job) counts.ended.acquire();
  EXPECT_EQ(counts.run, submitters * jobs);
  EXPECT_EQ(executor.queued(), 0U);
}

TEST(Executor, AThreadThatBlocksDoesNotHoldUpTheOthers) {
  Counts counts;
  BlockingJob blocking;
  Executor executor({.threads = 2, .queued_jobs = 100, .queued_bytes = 1});
  ASSERT_EQ(executor.submit(blocking, 0), Executor::Submitted::queued);
  blocking.reached.acquire();
  for (int job = 0; job < 100; ++job) {
    ASSERT_EQ(executor.submit(*new CountedJob(counts), 0), Executor::Submitted::queued);
    counts.ended.acquire();
  }
  blocking.opened.release();
  blocking.left.acquire();
}

// Jobs that wait for each other: each needs a thread of its own, so a wake-up that is lost hangs the test.
TEST(Executor, WakesAsManyThreadsAsThereAreJobs) {
  constexpr int threads = 8;
  class Meeting final : public Job {
   public:
    Meeting(std::latch& all, Counts& counts) : all_(all), counts_(counts) {}
    bool run() noexcept override {
      all_.arrive_and_wait();
      counts_.ended.release();
      return true;
    }
    void refuse() noexcept override {}

   private:
    std::latch& all_;
    Counts& counts_;
  };
  Counts counts;
  Executor executor({.threads = threads, .queued_jobs = threads, .queued_bytes = 1});
  for (int round = 0; round < 200; ++round) {
    std::latch all(threads);
    std::vector<Meeting> jobs(threads, Meeting(all, counts));
    for (Meeting& job : jobs) ASSERT_EQ(executor.submit(job, 0), Executor::Submitted::queued);
    for (int job = 0; job < threads; ++job) counts.ended.acquire();
  }
}

TEST(Executor, BoundsWhatWaitsByNumberAndByBytes) {
  Counts counts;
  BlockingJob blocking;
  Executor executor({.threads = 1, .queued_jobs = 2, .queued_bytes = 100});
  executor.submit(blocking, 0);
  blocking.reached.acquire();
  CountedJob left_out(counts);
  EXPECT_EQ(executor.submit(left_out, 101), Executor::Submitted::full);
  EXPECT_EQ(executor.submit(*new CountedJob(counts), 60), Executor::Submitted::queued);
  EXPECT_EQ(executor.submit(left_out, 41), Executor::Submitted::full);
  EXPECT_EQ(executor.submit(*new CountedJob(counts), 40), Executor::Submitted::queued);
  EXPECT_EQ(executor.submit(left_out, 0), Executor::Submitted::full);
  blocking.opened.release();
  blocking.left.acquire();
  counts.ended.acquire();
  counts.ended.acquire();
  EXPECT_EQ(executor.submit(*new CountedJob(counts), 100), Executor::Submitted::queued);
  counts.ended.acquire();
  EXPECT_EQ(counts.run, 3);
}

// Takes at least so long; or is dropped then, as if its caller had left.
class LongJob final : public Job {
 public:
  LongJob(std::chrono::milliseconds length, bool dropped) : length_(length), dropped_(dropped) {}
  bool run() noexcept override {
    const auto until = std::chrono::steady_clock::now() + length_;
    while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return !dropped_;
  }
  void refuse() noexcept override {}

 private:
  const std::chrono::milliseconds length_;
  const bool dropped_;
};

// Whether one with so much patience is taken behind ten others, after jobs of 20 ms on its only thread.
Executor::Submitted behind_ten(std::chrono::milliseconds patience, bool dropped) {
  Counts counts;
  BlockingJob blocking;
  LongJob before(std::chrono::milliseconds(20), dropped);
  Executor executor({.threads = 1, .queued_jobs = 100, .queued_bytes = 1});
  executor.submit(before, 0, std::chrono::milliseconds(1));  // nothing is known yet: taken
  executor.submit(blocking, 0);
  blocking.reached.acquire();
  for (int job = 0; job < 10; ++job) executor.submit(*new CountedJob(counts), 0);
  auto last = std::make_unique<CountedJob>(counts);
  const auto submitted = executor.submit(*last, 0, patience);
  if (submitted == Executor::Submitted::queued) static_cast<void>(last.release());
  executor.close();
  blocking.opened.release();
  blocking.left.acquire();
  return submitted;
}

TEST(Executor, WhoeverWouldWaitTooLongIsRefusedAtOnce) {
  EXPECT_EQ(behind_ten(std::chrono::milliseconds(399), false), Executor::Submitted::full) << "it would wait for 200 ms";
  EXPECT_EQ(behind_ten(std::chrono::hours(1), false), Executor::Submitted::queued);
  EXPECT_EQ(behind_ten(std::chrono::milliseconds(399), true), Executor::Submitted::queued)
      << "a dropped one says nothing of what others take";
}

TEST(Executor, ClosingRefusesWhatWaitsAndWhatComesLater) {
  Counts counts;
  BlockingJob blocking;
  Executor executor({.threads = 1, .queued_jobs = 10, .queued_bytes = 1});
  executor.submit(blocking, 0);
  blocking.reached.acquire();
  for (int job = 0; job < 3; ++job) executor.submit(*new CountedJob(counts), 0);
  executor.close();
  EXPECT_EQ(counts.refused, 3);
  CountedJob late(counts);
  EXPECT_EQ(executor.submit(late, 0), Executor::Submitted::closed);
  blocking.opened.release();
  blocking.left.acquire();
  EXPECT_EQ(counts.run, 0);
}

}  // namespace
}  // namespace holdfast::rpc
