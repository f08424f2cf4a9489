#pragma once

#include <string>
#include <vector>

#include "accounts/domain/ids.h"
#include "runtime/cache/cache.h"
#include "runtime/events/unit_of_work.h"

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

  cache::Cache& keys() { return keys_.cache; }
  cache::Cache& cards() { return cards_.cache; }

  // Once the work is committed, and again when the event has come back: `places` are the cards that `touched` shows on.
  // What the events of a batch touch is dropped at once, each key once. A drop that Redis has not taken is delivered by
  // this process when Redis is back, and outlived by nothing but the entries' ten minutes: to hold events up until then
  // would leave the cards without contracts and tickets for as long.
  void drop_with(events::UnitOfWork& work, const Touched& touched, const std::vector<Uuid>& places);

 private:
  struct Part final : events::KeepsCopies {
    Part(const char* name, const cache::CacheLimits& limits, cache::RedisTier* redis, const Clock& system_clock,
         const metrics::Registry& registry)
        : cache(name, limits, redis, system_clock, registry) {}
    void drop(const std::vector<std::string>& keys) override { cache.drop_all(keys); }

    cache::Cache cache;
  };

  Part keys_;
  Part cards_;
};

}  // namespace holdfast::accounts
