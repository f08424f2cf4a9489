#include <algorithm>
#include <set>
#include <unordered_map>

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
bool closes_a_cycle(BookReading& reading, const Account& account) {
  const auto self = fold(account.name);
  std::set<std::string> seen{self};
  const Account* ancestor = &account;
  while (!ancestor->parent.empty()) {
    const auto key = fold(ancestor->parent);
    if (key == self) return true;
    if (!seen.insert(key).second) return false;  // somebody else's cycle
    ancestor = reading.catalog.account(ancestor->parent);
    if (ancestor == nullptr) return false;
  }
  return false;
}

// From the topmost account down to this one, both counted. There are no cycles any more.
int depth_of(BookReading& reading, const Account& account) {
  int depth = 1;
  const Account* above = &account;
  while (above != nullptr && !above->parent.empty() && depth <= accounts::max_depth) {
    ++depth;
    above = reading.catalog.account(above->parent);
  }
  return depth;
}

}  // namespace

void settle_parents(BookReading& reading, const std::vector<const TableReading*>& tables) {
  for (auto& account : reading.book.accounts) {
    if (account.parent.empty()) continue;
    const auto* parent = reading.catalog.account(account.parent);
    if (parent == nullptr) {
      add_finding(reading, tables, account.place, Field::account_parent, Reason::unknown_parent, account.parent,
                  "the book has no such account: kept without a parent");
      account.parent.clear();
    } else {
      account.parent = parent->name;
    }
  }
  for (auto& account : reading.book.accounts) {
    if (account.parent.empty() || !closes_a_cycle(reading, account)) continue;
    add_finding(reading, tables, account.place, Field::account_parent, Reason::parent_cycle, account.parent,
                "the account would be its own parent: kept without one");
    account.parent.clear();
  }
  for (auto& account : reading.book.accounts) {
    if (depth_of(reading, account) <= accounts::max_depth) continue;
    add_finding(reading, tables, account.place, Field::account_parent, Reason::field_out_of_range, account.parent,
                "accounts are at most " + std::to_string(accounts::max_depth) + " deep: kept without a parent");
    account.parent.clear();
  }
}

void settle_zones(BookReading& reading, const std::vector<const TableReading*>& tables) {
  for (auto& location : reading.book.locations) {
    if (location.zone_from == ZoneSource::stated) continue;
    const auto some = [](const std::string& text) {
      return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
    };
    if (auto zone = site_zone(some(location.state), some(location.zip))) {
      location.time_zone = std::move(zone->zone);
      location.zone_from = zone->from_zip ? ZoneSource::zip : ZoneSource::state;
      continue;
    }
    add_finding(reading, tables, location.place, Field::location_state, Reason::time_zone_unknown, location.state,
                "neither state nor ZIP code tells the time zone");
  }
  for (auto& contract : reading.book.contracts) {
    if (const auto* first = reading.catalog.first_location(contract.account)) contract.time_zone = first->time_zone;
  }
}

void warn_of_near_duplicates(BookReading& reading, const std::vector<const TableReading*>& tables) {
  std::unordered_map<std::string, const Account*> by_form;
  if (reading.catalog.known() != nullptr) {
    for (const auto& account : reading.catalog.known()->accounts) by_form.emplace(form_key(account.name), &account);
  }
  for (const auto& account : reading.book.accounts) {
    const auto key = form_key(account.name);
    if (key.empty()) continue;
    const auto [found, is_first] = by_form.emplace(key, &account);
    if (is_first || fold(found->second->name) == fold(account.name)) continue;
    add_finding(reading, tables, account.place, Field::account_name, Reason::possible_duplicate, account.name,
                "nearly the name of " + found->second->name + ": two accounts are kept", found->second->place);
  }
}

}  // namespace holdfast::accounts::import_book
