#include <cstdlib>
#include <new>

#include "runtime/events/received.h"
#include "runtime/events/tests/events_fixture.h"

namespace {

thread_local std::int64_t allocated = 0;

}  // namespace

// Not inlined, else g++ 12 takes malloc's and free's for a pair that does not match.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocated;
  void* const given = std::malloc(bytes);
  if (!given) throw std::bad_alloc();
  return given;
}
[[gnu::noinline]] void operator delete(void* given) noexcept { std::free(given); }
[[gnu::noinline]] void operator delete(void* given, std::size_t) noexcept { std::free(given); }

namespace holdfast::events {
namespace {

// What an event takes in allocations of ours (libpq and librdkafka have their own), which are as many on every machine.
// A change that takes more says here what for.
struct AllocationsTest : EventsTest {
  // Of the last time: the first opens a connection and prepares statements.
  template <class Prepare, class Measured>
  static std::int64_t allocations(const Prepare& prepare, const Measured& measured) {
    std::int64_t count = 0;
    for (int time = 0; time < 3; ++time) {
      const auto prepared = prepare();
      const auto before = allocated;
      measured(prepared);
      count = allocated - before;
    }
    return count;
  }

  std::int64_t of_publishing(size_t events) {
    return allocations([&] { return several(events); },
                       [&](const std::vector<Event>& prepared) { EXPECT_TRUE(publish(prepared)); });
  }
  // By one handler that does nothing.
  std::int64_t of_handling(size_t events) {
    return allocations([&] { return several(events); },
                       [&](const std::vector<Event>& prepared) {
                         std::vector<const Event*> given;
                         given.reserve(prepared.size());
                         for (const auto& event : prepared) given.push_back(&event);
                         EXPECT_TRUE(handlers.give_all(given));
                       });
  }
  std::vector<Event> several(size_t count) {
    std::vector<Event> events;
    for (size_t number = 0; number < count; ++number) events.push_back(happened("a", "text"));
    return events;
  }

  Handlers handlers{transactor, "test", 10s};
};

TEST_F(AllocationsTest, OfPublishing) {
  const auto none = of_publishing(0), one = of_publishing(1), many = of_publishing(101);
  EXPECT_LE(none, 21) << "a transaction";
  EXPECT_LE(one - none, 34) << "with one event";
  EXPECT_LE((many - one) / 100, 11) << "each of a hundred more";
}

TEST_F(AllocationsTest, OfHandling) {
  handlers.add({"test.nothing", "", [](UnitOfWork&, const Event&) -> Result<> { return {}; }, nullptr});
  const auto one = of_handling(1), many = of_handling(101);
  EXPECT_LE(one, 61) << "an event alone";
  EXPECT_LE((many - one) / 100, 5) << "each of a hundred more";
}

TEST_F(AllocationsTest, OfReadingWhatKafkaGave) {
  const auto sent = happened("a", "text");
  const auto id = to_string(sent.id), whose = to_string(sent.agency), when = format_instant(sent.occurred_at);
  const std::map<std::string_view, std::string_view> headers{
      {"ce_id", id}, {"ce_agency", whose}, {"ce_sequence", "1"}, {"ce_time", when}, {"ce_type", sent.type}};
  const auto header = [&](const char* name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : found->second;
  };
  const auto read = [&](int) { EXPECT_TRUE(read_event(header, sent.topic, sent.key, sent.payload)); };
  EXPECT_LE(allocations([] { return 0; }, read), 3);
}

}  // namespace
}  // namespace holdfast::events
