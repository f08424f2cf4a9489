#include "accounts/app/card_cache.h"

namespace holdfast::accounts {
namespace {

// The agency comes first: no key of one agency is another's.
std::string place_in_cache(AgencyId agency, char kind, std::string_view text) {
  auto key = to_string(agency);
  key += '/';
  key += kind;
  key += '/';
  key += text;
  return key;
}

}  // namespace

CardCache::CardCache(const cache::CacheLimits& limits, cache::RedisTier* redis, const Clock& system_clock,
                     const metrics::Registry& registry)
    : keys_("lookup_key", limits, redis, system_clock, registry),
      cards_("outage_card", limits, redis, system_clock, registry) {}

std::string CardCache::of_key(AgencyId agency, std::string_view exact_key) {
  return place_in_cache(agency, 'k', exact_key);
}

std::string CardCache::of_name(AgencyId agency, std::string_view folded) { return place_in_cache(agency, 'n', folded); }

std::string CardCache::of_product(AgencyId agency, const ProductId& product) {
  return place_in_cache(agency, 'p', to_string(product));
}

std::string CardCache::of_place(AgencyId agency, const Uuid& place) {
  return place_in_cache(agency, 'c', to_string(place));
}

void CardCache::drop_with(events::UnitOfWork& work, const Touched& touched, const std::vector<Uuid>& places) {
  const auto agency = work.agency();
  auto& keys = work.drops[&keys_];
  for (const auto& key : touched.keys) {
    if (!key.empty()) keys.push_back(of_key(agency, key));
  }
  for (const auto& name : touched.names) {
    if (!name.empty()) keys.push_back(of_name(agency, name));
  }
  for (const auto& product : touched.products) keys.push_back(of_product(agency, product));
  auto& cards = work.drops[&cards_];
  for (const auto& place : places) cards.push_back(of_place(agency, place));
}

}  // namespace holdfast::accounts
