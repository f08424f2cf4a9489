#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/sql/keyset.h"

namespace holdfast::sql {

inline constexpr std::int32_t default_page_size = 50;
inline constexpr std::int32_t max_page_size = 500;

// The page of a list that a query asks for: `WHERE (…) > (place) ORDER BY … LIMIT limit()`. Rows that come or go
// between two pages shift nothing, and a page costs the same wherever it lies.
template <HasFields Place>
struct Page {
  Place after;
  std::int64_t size = 0;

  // One more row than is shown tells whether there is another page.
  std::int64_t limit() const { return size + 1; }
};

// By the query's page_size (0 takes the default, more than the largest the largest) and page_token; the first page
// begins after `first`.
template <HasFields Place, class Query>
Result<Page<Place>> page_of(const Query& query, Place first = {}) {
  if (query.page_size < 0) return fail(Reason::field_out_of_range, "page_size", "is negative");
  const std::int32_t size = query.page_size == 0 ? default_page_size : std::min(query.page_size, max_page_size);
  if (query.page_token.empty()) return Page<Place>{std::move(first), size};
  return Page<Place>{TRY(place_of<Place>(query.page_token)), size};
}

// Cuts off the row beyond the page; the next page's token, or empty when this was the last. `where(row)` is its Place.
template <HasFields Place, class Row, class Where>
std::string next_page(const Page<Place>& page, std::vector<Row>& rows, Where where) {
  if (rows.size() <= static_cast<size_t>(page.size)) return {};
  rows.resize(static_cast<size_t>(page.size));
  return token_of(where(rows.back()));
}

}  // namespace holdfast::sql
