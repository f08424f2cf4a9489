#pragma once

#include <set>
#include <string>
#include <vector>

#include "kafka.h"
#include "store.h"

namespace holdfast::simulation {

// What the clients were told.
struct Told {
  std::set<std::string> acknowledged;  // facts; each one's event has the same id
};

// What of the promises was not kept.
std::vector<std::string> faults_of(const Store& store, const Kafka& kafka, const Told& told);

}  // namespace holdfast::simulation
