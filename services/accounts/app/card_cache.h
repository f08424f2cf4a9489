#pragma once

#include <string>
#include <vector>

#include "accounts/domain/ids.h"
#include "runtime/cache/cache.h"

namespace holdfast::accounts {

// Whose cards a change shows on, and by which exact keys and names it is looked for.
struct Touched {
  std::vector<AccountId> accounts;
  std::vector<CarrierId> carriers;
  std::vector<StaffId> owners;
  std::vector<std::string> keys;   // of exact_key; empty ones stand for nothing
  std::vector<std::string> names;  // folded
  std::vector<ProductId> products;
};

// The two caches of a lookup: what an exact key names, and the card of a place (an account or a site). What was asked
// for and is not there is remembered as well as what is: whoever makes it drops it. Parts are never kept. Any thread.
class CardCache {
 public:
  CardCache(const cache::CacheLimits& limits, cache::RedisTier* redis, const Clock& system_clock,
            const metrics::Registry& registry);

  static std::string of_key(AgencyId agency, std::string_view exact_key);
  static std::string of_name(AgencyId agency, std::string_view folded);
  static std::string of_product(AgencyId agency, const ProductId& product);
  static std::string of_place(AgencyId agency, const Uuid& place);

  cache::Cache& keys() { return keys_; }
  cache::Cache& cards() { return cards_; }

  // After the commit, and again when the event has come back: `places` are the cards that `touched` shows on. A drop
  // that Redis has not taken is delivered by this process when Redis is back, and outlived by nothing but the entries'
  // ten minutes: to hold events up until then would leave the cards without contracts and tickets for as long.
  void drop(AgencyId agency, const Touched& touched, const std::vector<Uuid>& places);

 private:
  cache::Cache keys_;
  cache::Cache cards_;
};

}  // namespace holdfast::accounts
