// The conversations' surroundings with the model, in a world.

#include <cstdlib>

#include "kafka.h"
#include "kafka_handles.h"
#include "kafka_surroundings.h"

namespace holdfast::simulation {
namespace {

constexpr Nanoseconds hour = 3600 * second;

}  // namespace

void hold(std::uint64_t seed, const std::function<void()>& conversation) {
  World world(seed, false);
  Kafka kafka(world);
  bool is_over = false;
  world.spawn(1, [&] {
    conversation();
    is_over = true;
  });
  if (!world.run([&] { return is_over; })) std::abort();
}

std::string brokers() { return "simulated"; }

std::string brokers_out_of_reach() {
  auto& kafka = Kafka::current();
  kafka.go_away(kafka.world.now + hour);
  return brokers();
}

// Whichever topic is named is there.
void make_topic(const std::string&) {}

void in_process(int number, const std::function<void()>& does) {
  auto& world = Kafka::current().world;
  world.join(world.spawn(number, does));
}

void kill(rd_kafka_t* handle) { Kafka::current().cut(handle->process); }

}  // namespace holdfast::simulation
