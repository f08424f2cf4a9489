#include "accounts/app/accounts.h"
#include "accounts/app/find_account.h"
#include "accounts/store/accounts.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::accounts {

struct LocationPlace {
  LocationId id;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::LocationPlace> {
  static constexpr auto list = FieldList{Field{"id", &accounts::LocationPlace::id}};
};

namespace holdfast::accounts {

Result<Location> get_location(sql::Transaction& transaction, const GetLocation& query) {
  auto location = TRY((transaction.maybe<Location>(statements::load_location, query.id)));
  if (!location) return fail(Reason::location_not_found, "id", "there is no location " + to_string(query.id));
  return *std::move(location);
}

Result<LocationList> list_locations(sql::Transaction& transaction, const ListLocations& query) {
  CHECK_OK(find_account(transaction, query.account_id, "account_id"));
  const auto page = TRY(sql::page_of<LocationPlace>(query));
  LocationList list;
  list.locations = TRY((transaction.many<Location>(statements::list_locations, transaction.agency(), page.after,
                                                   page.limit(), query.account_id)));
  list.next_page_token =
      sql::next_page(page, list.locations, [](const Location& last) { return LocationPlace{last.id}; });
  return list;
}

}  // namespace holdfast::accounts
