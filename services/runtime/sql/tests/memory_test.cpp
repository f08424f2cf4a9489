#include <cstdlib>
#include <new>

#include "runtime/sql/tests/things.h"

namespace {

// How large what this thread asks for must be to be refused; 0: all is given.
thread_local std::size_t refused_bytes = 0;

}  // namespace

// Not inlined, else g++ 12 takes malloc's and free's for a pair that does not match.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  void* const given = bytes == refused_bytes ? nullptr : std::malloc(bytes);
  if (!given) throw std::bad_alloc();
  return given;
}
[[gnu::noinline]] void operator delete(void* given) noexcept { std::free(given); }
[[gnu::noinline]] void operator delete(void* given, std::size_t) noexcept { std::free(given); }

namespace holdfast::sql {
namespace {

using MemoryTest = DatabaseTest;

TEST_F(MemoryTest, AConnectionForWhichThereIsNoneLeavesItsPlaceInThePool) {
  Database one{{.url = temporary.url(), .pool_size = 1, .constraints = reasons}};
  const auto read = [&] { return one.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); }); };
  refused_bytes = sizeof(Connection);
  EXPECT_THROW(static_cast<void>(read()), std::bad_alloc);
  refused_bytes = 0;
  EXPECT_EQ(one.pool_use().open, 0);
  EXPECT_TRUE(read());
}

}  // namespace
}  // namespace holdfast::sql
