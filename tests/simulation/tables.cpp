#include "tables.h"

namespace holdfast::simulation {
namespace {

template <class Key, class Row>
void exchange_rows(std::map<Key, Row>& table, const std::map<Key, std::optional<Row>>& written,
                   std::map<Key, std::optional<Row>>& before) {
  for (const auto& [key, row] : written) {
    const auto found = table.find(key);
    before[key] = found == table.end() ? std::nullopt : std::optional(found->second);
    if (row) {
      table[key] = *row;
    } else {
      table.erase(key);
    }
  }
}

}  // namespace

bool is_empty(Changes& changes) {
  return std::apply([](const auto&... table) { return (table.empty() && ...); }, changes.all());
}

Changes exchange(Tables& tables, Changes& changes) {
  Changes before;
  const auto of = tables.all();
  const auto written = changes.all();
  const auto taken_back = before.all();
  [&]<size_t... Place>(std::index_sequence<Place...>) {
    (exchange_rows(std::get<Place>(of), std::get<Place>(written), std::get<Place>(taken_back)), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(of)>>());
  return before;
}

}  // namespace holdfast::simulation
