#include "tables.h"

namespace holdfast::simulation {
namespace {

template <class Key, class Row>
void exchange_rows(std::map<Key, Row>& table, std::map<Key, std::optional<Row>>& written) {
  for (auto& [key, row] : written) {
    const auto place = table.lower_bound(key);
    const bool is_there = place != table.end() && place->first == key;
    if (is_there && row) {
      std::swap(place->second, *row);
    } else if (is_there) {
      row = std::move(place->second);
      table.erase(place);
    } else if (row) {
      table.emplace_hint(place, key, *std::exchange(row, std::nullopt));
    }
  }
}

}  // namespace

bool is_empty(Changes& changes) {
  return std::apply([](const auto&... table) { return (table.empty() && ...); }, changes.all());
}

void exchange(Tables& tables, Changes& changes) {
  const auto of = tables.all();
  const auto written = changes.all();
  [&]<size_t... Place>(std::index_sequence<Place...>) {
    (exchange_rows(std::get<Place>(of), std::get<Place>(written)), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(of)>>());
}

}  // namespace holdfast::simulation
