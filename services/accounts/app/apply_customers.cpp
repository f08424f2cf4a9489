#include <algorithm>
#include <map>

#include "accounts/app/apply_records.h"
#include "accounts/domain/agency.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/lay_onto.h"
#include "accounts/store/import_matches.sql.h"
#include "accounts/store/import_writes.sql.h"

namespace holdfast::accounts {

struct StaffName {
  StaffId id;
  std::string name;
};

struct AccountMatch {
  std::int64_t place = 0;
  std::optional<AccountId> parent_id;
  std::optional<Account> existing;
};

struct LocationMatch {
  std::int64_t place = 0;
  std::optional<AccountId> account_id;
  std::optional<Location> existing;
};

struct ContactMatch {
  std::int64_t place = 0;
  std::optional<AccountId> account_id;
  std::optional<Contact> existing;
};

struct SiteMatch {
  std::int64_t place = 0;
  std::optional<LocationId> location_id;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::StaffName> {
  using T = accounts::StaffName;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}};
};

template <>
struct Fields<accounts::AccountMatch> {
  using T = accounts::AccountMatch;
  static constexpr auto list =
      FieldList{Field{"place", &T::place}, Field{"parent_id", &T::parent_id}, Field{"existing", &T::existing}};
};

template <>
struct Fields<accounts::LocationMatch> {
  using T = accounts::LocationMatch;
  static constexpr auto list =
      FieldList{Field{"place", &T::place}, Field{"account_id", &T::account_id}, Field{"existing", &T::existing}};
};

template <>
struct Fields<accounts::ContactMatch> {
  using T = accounts::ContactMatch;
  static constexpr auto list =
      FieldList{Field{"place", &T::place}, Field{"account_id", &T::account_id}, Field{"existing", &T::existing}};
};

template <>
struct Fields<accounts::SiteMatch> {
  using T = accounts::SiteMatch;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"location_id", &T::location_id}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

constexpr auto no_account = "the account is not there any more";

// The member of staff whom a book names: by the whole name, or by a first name that only one of them has.
class Representatives {
 public:
  static Result<Representatives> load(Chunk& chunk) {
    Representatives all;
    const auto staff = TRY(chunk.transaction().many<StaffName>(statements::staff_names, chunk.agency()));
    for (const auto& [id, name] : staff) {
      const auto key = fold(name);
      all.by_name_.emplace(key, id);
      all.by_first_name_.emplace(key.substr(0, key.find(' ')), id);
    }
    return all;
  }

  std::optional<StaffId> find(const std::string& name) const {
    if (name.empty()) return std::nullopt;
    const auto key = fold(name);
    if (const auto found = by_name_.find(key); found != by_name_.end()) return found->second;
    if (by_first_name_.count(key) != 1) return std::nullopt;
    return by_first_name_.find(key)->second;
  }

 private:
  std::map<std::string, StaffId> by_name_;
  std::multimap<std::string, StaffId> by_first_name_;
};

void publish(Chunk& chunk, const Changes<Account>& changes) {
  for (const auto& account : changes.created) chunk.work.publish(AccountCreated{account});
  for (const auto& [before, after] : changes.changed) {
    chunk.work.publish(AccountChanged{after, before});
    if (after.status != before.status) chunk.work.publish(AccountStateChanged{after, before.status});
    if (after.owner_id != before.owner_id) chunk.work.publish(OwnerChanged{after, before.owner_id});
  }
}

Result<std::vector<AccountMatch>> match(Chunk& chunk, const std::vector<size_t>& places,
                                        const std::vector<import_book::Account>& said) {
  std::vector<std::string> names, parents;
  std::vector<Uuid> sources;
  for (size_t at = 0; at < places.size(); ++at) {
    names.push_back(fold(said[at].name));
    parents.push_back(fold(said[at].parent));
    sources.push_back(chunk.records[places[at]].source_id);
  }
  return chunk.transaction().many<AccountMatch>(statements::match_accounts, chunk.agency(), names, sources, parents);
}

// A location or contact: who it belongs to, and what it is called.
template <class Match, class Record>
Result<std::vector<Match>> match_named(Chunk& chunk, const sql::Statement& statement, const std::vector<size_t>& places,
                                       const std::vector<Record>& said) {
  std::vector<std::string> accounts, names;
  std::vector<Uuid> sources;
  for (size_t at = 0; at < places.size(); ++at) {
    accounts.push_back(fold(said[at].account));
    names.push_back(fold(said[at].name));
    sources.push_back(chunk.records[places[at]].source_id);
  }
  return chunk.transaction().many<Match>(statement, chunk.agency(), accounts, names, sources);
}

// The locations that contacts serve, by the contact's place.
Result<std::vector<std::vector<LocationId>>> sites_of(Chunk& chunk, const std::vector<import_book::Contact>& said) {
  std::vector<std::string> accounts, locations;
  std::vector<std::pair<size_t, Uuid>> whose;
  for (size_t at = 0; at < said.size(); ++at) {
    for (const auto& site : said[at].sites) {
      accounts.push_back(fold(said[at].account));
      locations.push_back(fold(site.location));
      whose.emplace_back(at, location_source(chunk.agency(), said[at].account, site.location));
    }
  }
  const auto matches =
      TRY(chunk.transaction().many<SiteMatch>(statements::match_sites, chunk.agency(), accounts, locations));
  std::vector<std::vector<LocationId>> sites(said.size());
  for (const auto& match : matches) {
    const auto& [at, source] = whose[static_cast<size_t>(match.place) - 1];
    if (const auto id = referred(chunk, match.location_id, source)) sites[at].push_back(*id);
  }
  return sites;
}

}  // namespace

Result<> apply_accounts(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::Account>(chunk, places));
  const auto representatives = TRY(Representatives::load(chunk));
  const auto matches = TRY(match(chunk, places, said));
  Changes<Account> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const auto place = places[at];
    const auto representative = representatives.find(said[at].rep);
    // A parent that is not there yet stands in this chunk, and will have this id.
    const auto parent = match.parent_id || said[at].parent.empty()
                            ? match.parent_id
                            : std::optional(AccountId{account_source(chunk.agency(), said[at].parent)});
    const import_book::AccountIds ids{.id = AccountId{chunk.records[place].source_id},
                                      .owner = representative.value_or(chunk.owner),
                                      .representative = representative,
                                      .parent = parent};
    note_change(chunk, place, match.existing, lay_onto(match.existing, said[at], ids), changes);
  }
  if (chunk.dry_run) return {};
  CHECK_OK(write_changes(
      chunk, changes, statements::insert_accounts, statements::update_accounts,
      [](const Account& account) { return fold(account.name); },
      [](const Account& account) { return form_key(account.name); }));
  publish(chunk, changes);
  return {};
}

Result<> apply_locations(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::Location>(chunk, places));
  const auto matches = TRY(match_named<LocationMatch>(chunk, statements::match_locations, places, said));
  Changes<Location> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const auto place = places[at];
    const auto account = referred(chunk, match.account_id, account_source(chunk.agency(), said[at].account));
    if (!account) {
      chunk.reject(place, Reason::unknown_customer, no_account);
      continue;
    }
    const LocationId id{chunk.records[place].source_id};
    note_change(chunk, place, match.existing, lay_onto(match.existing, said[at], id, *account), changes);
  }
  if (chunk.dry_run) return {};
  CHECK_OK(write_changes(chunk, changes, statements::insert_locations, statements::update_locations,
                         [](const Location& location) { return fold(location.name); }));
  for (const auto& location : changes.created) chunk.work.publish(LocationAdded{location});
  for (const auto& [before, after] : changes.changed) chunk.work.publish(LocationChanged{after, before});
  return {};
}

Result<> apply_contacts(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::Contact>(chunk, places));
  const auto sites = TRY(sites_of(chunk, said));
  const auto matches = TRY(match_named<ContactMatch>(chunk, statements::match_contacts, places, said));
  Changes<Contact> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const auto place = places[at];
    const auto account = referred(chunk, match.account_id, account_source(chunk.agency(), said[at].account));
    if (!account) {
      chunk.reject(place, Reason::unknown_customer, no_account);
      continue;
    }
    const ContactId id{chunk.records[place].source_id};
    note_change(chunk, place, match.existing, lay_onto(match.existing, said[at], id, *account, sites[at]), changes);
  }
  if (chunk.dry_run) return {};
  CHECK_OK(write_changes(chunk, changes, statements::insert_contacts, statements::update_contacts,
                         [](const Contact& contact) { return fold(contact.name); }));
  for (const auto& contact : changes.created) chunk.work.publish(ContactAdded{contact});
  for (const auto& [before, after] : changes.changed) chunk.work.publish(ContactChanged{after, before});
  return {};
}

}  // namespace holdfast::accounts
