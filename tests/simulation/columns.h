#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/sql/types.h"

namespace holdfast::simulation {

// The columns are the struct's, as the migrations have them.
template <class Of>
std::vector<std::pair<std::string, unsigned>> columns_of() {
  std::vector<sql::Column> columns;
  sql::append_columns<Of>(columns, "");
  std::vector<std::pair<std::string, unsigned>> named;
  for (const auto& column : columns) named.emplace_back(column.name, column.type);
  return named;
}

// The types of parameters of which the last are a struct's columns.
template <class Of>
std::vector<unsigned> behind(std::vector<unsigned> before) {
  for (const auto& [name, type] : columns_of<Of>()) before.push_back(type);
  return before;
}

}  // namespace holdfast::simulation
