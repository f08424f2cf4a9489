#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/app/card_cache.h"
#include "accounts/domain/lookup.h"
#include "accounts/domain/outage_card.h"
#include "runtime/events/unit_of_work.h"

// What a lookup asks of the database, and what keeps its copies and caches true.
namespace holdfast::accounts {

// One statement each.
Result<Found> find_identified(sql::Transaction& transaction, const std::string& exact_key);
Result<Found> find_named(sql::Transaction& transaction, const std::string& folded);
Result<Found> search_parts(sql::Transaction& transaction, const LookupPlan& plan);

// The names of a match's account and site, in the order of the matches.
struct PlaceNames {
  std::string account_name;
  std::string location_name;
};
Result<std::vector<PlaceNames>> name_places(sql::Transaction& transaction, const std::vector<LookupMatch>& matches);

// Nothing where there is no such account or site. Ten statements.
Result<std::optional<CardOfTheHour>> load_card(sql::Transaction& transaction, const Uuid& place, Instant at);
// The site, else the account, of a product.
Result<std::optional<Uuid>> place_of_product(sql::Transaction& transaction, const ProductId& product);

// The places whose cards show something of what was touched.
Result<std::vector<Uuid>> places_of(sql::Transaction& transaction, const Touched& touched);

// Copies of what other services publish; the cards that show it are dropped with the commit.
Result<> keep_contract(events::UnitOfWork& work, const Contract& contract, const CardSource& source, CardCache& cache);
Result<> keep_ticket(events::UnitOfWork& work, const Ticket& ticket, const CardSource& source, CardCache& cache);

// With the commit, the cards on which the subject's verification data is.
Result<> drop_cards_of_subject(events::UnitOfWork& work, const Uuid& subject, CardCache& cache);

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::PlaceNames> {
  using T = accounts::PlaceNames;
  static constexpr auto list =
      FieldList{Field{"account_name", &T::account_name}, Field{"location_name", &T::location_name}};
};
