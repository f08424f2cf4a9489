#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kafka.h"
#include "store.h"

namespace holdfast::simulation {

// What the clients were told.
struct Told {
  std::set<std::string> acknowledged;  // facts; an event or a timer has the same id
};

// What the consumer's scenario publishes, its handlers, and what the second of them cannot handle.
inline constexpr auto simulated_topic = "holdfast.simulated";
inline constexpr const char* handlers[] = {"simulation.all", "simulation.no_poison"};
bool is_poison(const std::string& handler, std::string_view event);
// By both handlers, in one way or the other.
bool is_all_handled(const Store& store);

// What of the promises was not kept: the relay's,
std::vector<std::string> faults_of(const Store& store, const Kafka& kafka, const Told& told);
// of the handlers of the consumer's scenario,
void add_faults_of_handlers(const Store& store, std::vector<std::string>& faults);
// and the timers', of which each subject's is of one kind and fires so often.
using Timer = std::pair<std::string, int>;
std::vector<std::string> faults_of_timers(const Store& store, const Told& told,
                                          const std::function<Timer(std::string_view subject)>& timer_of);

}  // namespace holdfast::simulation
