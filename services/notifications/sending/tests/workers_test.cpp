#include "notifications/sending/workers.h"

#include <gtest/gtest.h>

#include <future>
#include <new>
#include <vector>

namespace holdfast::notifications {
namespace {

TEST(Workers, AJobThatThrowsEndsNeitherTheProcessNorItsWorker) {
  const log::Capture captured;
  std::vector<int> done;
  int freed = 0;
  Workers<int> workers([&] { ++freed; });
  std::promise<void> last;
  workers.add([&](const int& job) {
    if (job == 1) throw std::bad_alloc();
    done.push_back(job);
    last.set_value();
  });
  workers.give(1);
  workers.give(2);
  last.get_future().wait();
  workers.stop();
  EXPECT_EQ(done, std::vector<int>{2});
  EXPECT_EQ(workers.free(), 1);
  EXPECT_EQ(freed, 2);
  EXPECT_TRUE(captured.contains("a worker's job threw"));
}

}  // namespace
}  // namespace holdfast::notifications
