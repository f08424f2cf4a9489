#pragma once

#include <string>
#include <utility>
#include <vector>

namespace holdfast::simulation {

// The types that PostgreSQL gives a statement's parameters and columns.
struct Described {
  std::vector<unsigned> parameters;
  std::vector<std::pair<const char*, unsigned>> columns;
};

const Described& described(const std::string& statement);

}  // namespace holdfast::simulation
