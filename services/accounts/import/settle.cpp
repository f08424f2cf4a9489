#include <algorithm>
#include <optional>
#include <set>

#include "accounts/domain/account.h"
#include "accounts/import/rows.h"
#include "accounts/import/text.h"
#include "accounts/import/zones.h"

namespace holdfast::accounts::import_book {
namespace {

void add_finding(BookReading& reading, const std::vector<const TableReading*>& tables, RowPlace place, Field field,
                 Reason reason, std::string value, std::string message, RowPlace first = {}) {
  const auto found = std::ranges::find_if(tables, [&](const auto* table) { return table->table == place.table; });
  auto column = found == tables.end() ? std::string() : (*found)->header.heading(field);
  reading.book.findings.push_back(
      {place, false, reason, std::move(column), std::move(value), std::move(message), first});
}

// Whether the account is its own ancestor. Parents that the agency already has end the walk when they have none.
bool closes_a_cycle(const Catalog& catalog, const Account& account) {
  const auto self = fold(account.name);
  std::set<std::string> seen{self};
  std::optional<Account> ancestor = account;
  while (!ancestor->parent.empty()) {
    const auto key = fold(ancestor->parent);
    if (key == self) return true;
    if (!seen.insert(key).second) return false;  // somebody else's cycle
    ancestor = catalog.account(ancestor->parent);
    if (!ancestor) return false;
  }
  return false;
}

// From the topmost account down to this one, both counted. There are no cycles any more.
int depth_of(const Catalog& catalog, const Account& account) {
  int depth = 1;
  std::optional<Account> above = account;
  while (above && !above->parent.empty() && depth <= accounts::max_depth) {
    ++depth;
    above = catalog.account(above->parent);
  }
  return depth;
}

// The account is kept without its parent.
void drop_parent(BookReading& reading, const std::vector<const TableReading*>& tables, std::size_t at, Reason reason,
                 std::string why) {
  auto account = reading.book.accounts[at];
  add_finding(reading, tables, account.place, Field::account_parent, reason, account.parent, std::move(why));
  account.parent.clear();
  reading.book.accounts.set(at, account);
}

}  // namespace

void settle_parents(BookReading& reading, const std::vector<const TableReading*>& tables) {
  auto& kept = reading.book.accounts;
  for (std::size_t at = 0; at < kept.size(); ++at) {
    auto account = kept[at];
    if (account.parent.empty()) continue;
    const auto parent = reading.catalog.account(account.parent);
    if (!parent) {
      drop_parent(reading, tables, at, Reason::unknown_parent, "the book has no such account: kept without a parent");
    } else if (parent->name != account.parent) {
      account.parent = parent->name;
      kept.set(at, account);
    }
  }
  for (std::size_t at = 0; at < kept.size(); ++at) {
    if (!closes_a_cycle(reading.catalog, kept[at])) continue;
    drop_parent(reading, tables, at, Reason::parent_cycle, "the account would be its own parent: kept without one");
  }
  for (std::size_t at = 0; at < kept.size(); ++at) {
    if (depth_of(reading.catalog, kept[at]) <= accounts::max_depth) continue;
    drop_parent(reading, tables, at, Reason::field_out_of_range,
                "accounts are at most " + std::to_string(accounts::max_depth) + " deep: kept without a parent");
  }
}

void settle_zones(BookReading& reading, const std::vector<const TableReading*>& tables) {
  auto& locations = reading.book.locations;
  for (std::size_t at = 0; at < locations.size(); ++at) {
    auto location = locations[at];
    if (location.zone_from == ZoneSource::stated) continue;
    const auto some = [](const std::string& text) {
      return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
    };
    if (auto zone = site_zone(some(location.state), some(location.zip))) {
      location.time_zone = std::move(zone->zone);
      location.zone_from = zone->from_zip ? ZoneSource::zip : ZoneSource::state;
      locations.set(at, location);
      continue;
    }
    add_finding(reading, tables, location.place, Field::location_state, Reason::time_zone_unknown, location.state,
                "neither state nor ZIP code tells the time zone");
  }
  auto& contracts = reading.book.contracts;
  for (std::size_t at = 0; at < contracts.size(); ++at) {
    auto contract = contracts[at];
    const auto first = reading.catalog.first_location(contract.account);
    if (!first) continue;
    contract.time_zone = first->time_zone;
    contracts.set(at, contract);
  }
}

void warn_of_near_duplicates(BookReading& reading, const std::vector<const TableReading*>& tables) {
  for (const auto& account : reading.book.accounts) {
    if (form_key(account.name).empty()) continue;
    const auto first = reading.catalog.first_of_form(account.name);
    if (!first || fold(first->name) == fold(account.name)) continue;
    add_finding(reading, tables, account.place, Field::account_name, Reason::possible_duplicate, account.name,
                "nearly the name of " + first->name + ": two accounts are kept", first->place);
  }
}

}  // namespace holdfast::accounts::import_book
