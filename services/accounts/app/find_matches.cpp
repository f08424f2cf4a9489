#include <algorithm>

#include "accounts/app/lookup.h"
#include "accounts/store/lookup.sql.h"

namespace holdfast::accounts {

struct NamedPlace {
  AccountId account_id;
  std::string account_name;
  std::optional<LocationId> location_id;
  std::string location_name;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::NamedPlace> {
  using T = accounts::NamedPlace;
  static constexpr auto list =
      FieldList{Field{"account_id", &T::account_id}, Field{"account_name", &T::account_name},
                Field{"location_id", &T::location_id}, Field{"location_name", &T::location_name}};
};

namespace holdfast::accounts {
namespace {

// One more than is shown tells whether there are more.
constexpr auto most = max_matches + 1;

}  // namespace

Result<Found> find_identified(sql::Transaction& transaction, const std::string& exact_key) {
  const auto forms = forms_of(exact_key);
  return found(TRY((transaction.many<LookupMatch>(statements::find_identified, forms.identifiers, forms.phone, most))));
}

Result<Found> find_named(sql::Transaction& transaction, const std::string& folded) {
  return found(TRY((transaction.many<LookupMatch>(statements::find_named, folded, most))));
}

Result<Found> search_parts(sql::Transaction& transaction, const LookupPlan& plan) {
  return found(TRY((transaction.many<LookupMatch>(statements::search_parts, plan.circuit_part, plan.name_part,
                                                  plan.address_part, most))));
}

Result<std::vector<PlaceNames>> name_places(sql::Transaction& transaction, const std::vector<LookupMatch>& matches) {
  std::vector<AccountId> accounts;
  std::vector<LocationId> locations;  // a nil one for none: arrays hold no nulls
  for (const auto& match : matches) {
    accounts.push_back(match.account_id);
    locations.push_back(match.location_id.value_or(LocationId{}));
  }
  const auto named = TRY((transaction.many<NamedPlace>(statements::names_of_places, accounts, locations)));
  std::vector<PlaceNames> names;
  for (const auto& match : matches) {
    const auto found = std::ranges::find_if(named, [&](const NamedPlace& one) {
      return one.account_id == match.account_id && one.location_id == match.location_id;
    });
    names.push_back(found == named.end() ? PlaceNames{} : PlaceNames{found->account_name, found->location_name});
  }
  return names;
}

Result<std::optional<Uuid>> place_of_product(sql::Transaction& transaction, const ProductId& product) {
  return transaction.maybe<Uuid>(statements::place_of_product, product);
}

}  // namespace holdfast::accounts
