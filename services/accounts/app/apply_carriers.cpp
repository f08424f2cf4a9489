#include <algorithm>
#include <map>
#include <set>

#include "accounts/app/apply_records.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/lay_onto.h"
#include "accounts/store/import_matches.sql.h"
#include "accounts/store/import_writes.sql.h"

namespace holdfast::accounts {

struct CarrierMatch {
  std::int64_t place = 0;
  std::optional<Carrier> existing;
};

struct CarrierContactMatch {
  std::int64_t place = 0;
  std::optional<CarrierId> carrier_id;
  std::optional<CarrierContact> existing;
};

// What a book says of a carrier's contact that is there.
struct CarrierContactUpdate {
  CarrierContactId id;
  std::string phone;
  std::string after_hours_phone;
  std::string email;
  std::optional<Date> verified_on;
  std::string notes;
  std::int64_t version = 0;
};

// And of a new one: all but its hours.
struct NewCarrierContact {
  std::string function_key;
  std::string name_key;
  CarrierContactId id;
  CarrierId carrier_id;
  std::string function;
  std::optional<std::int32_t> level;
  std::string name;
  std::string phone;
  std::string after_hours_phone;
  std::string email;
  std::optional<Date> verified_on;
  std::string notes;
  std::int64_t version = 0;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::CarrierMatch> {
  using T = accounts::CarrierMatch;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"existing", &T::existing}};
};

template <>
struct Fields<accounts::CarrierContactMatch> {
  using T = accounts::CarrierContactMatch;
  static constexpr auto list =
      FieldList{Field{"place", &T::place}, Field{"carrier_id", &T::carrier_id}, Field{"existing", &T::existing}};
};

template <>
struct Fields<accounts::CarrierContactUpdate> {
  using T = accounts::CarrierContactUpdate;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"phone", &T::phone},
                                         Field{"after_hours_phone", &T::after_hours_phone},
                                         Field{"email", &T::email},
                                         Field{"verified_on", &T::verified_on},
                                         Field{"notes", &T::notes},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::NewCarrierContact> {
  using T = accounts::NewCarrierContact;
  static constexpr auto list = FieldList{Field{"function_key", &T::function_key},
                                         Field{"name_key", &T::name_key},
                                         Field{"id", &T::id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"function", &T::function},
                                         Field{"level", &T::level},
                                         Field{"name", &T::name},
                                         Field{"phone", &T::phone},
                                         Field{"after_hours_phone", &T::after_hours_phone},
                                         Field{"email", &T::email},
                                         Field{"verified_on", &T::verified_on},
                                         Field{"notes", &T::notes},
                                         Field{"version", &T::version}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

using ContactsOfCarrier = std::map<CarrierId, std::vector<CarrierContact>>;

Result<ContactsOfCarrier> contacts_of(Chunk& chunk, const std::vector<CarrierId>& carriers) {
  auto rows = TRY(chunk.transaction().many<CarrierContact>(statements::contacts_of_carriers, chunk.agency(), carriers));
  ContactsOfCarrier contacts;
  for (auto& contact : rows) contacts[contact.carrier_id].push_back(std::move(contact));
  return contacts;
}

Result<std::vector<CarrierContactMatch>> match(Chunk& chunk, const std::vector<size_t>& places,
                                               const std::vector<import_book::CarrierContact>& said) {
  std::vector<std::string> carriers, functions, names;
  std::vector<std::int32_t> levels;
  std::vector<Uuid> sources;
  for (size_t at = 0; at < places.size(); ++at) {
    carriers.push_back(fold(said[at].carrier));
    functions.push_back(fold(said[at].function));
    levels.push_back(said[at].level.value_or(0));
    names.push_back(fold(said[at].name));
    sources.push_back(chunk.records[places[at]].source_id);
  }
  return chunk.transaction().many<CarrierContactMatch>(statements::match_carrier_contacts, chunk.agency(), carriers,
                                                       functions, levels, names, sources);
}

Result<> write(Chunk& chunk, const Changes<CarrierContact>& changes) {
  std::vector<NewCarrierContact> created;
  for (const auto& one : changes.created) {
    created.push_back({fold(one.function), fold(one.name), one.id, one.carrier_id, one.function, one.level, one.name,
                       one.phone, one.after_hours_phone, one.email, one.verified_on, one.notes, one.version});
  }
  std::vector<CarrierContactUpdate> updated;
  for (const auto& [before, one] : changes.changed) {
    updated.push_back({one.id, one.phone, one.after_hours_phone, one.email, one.verified_on, one.notes, one.version});
  }
  const auto exec = [&](const sql::Statement& statement, const auto& rows) {
    return std::apply(
        [&](const auto&... columns) { return chunk.transaction().exec(statement, chunk.agency(), columns...); },
        columns_of(rows));
  };
  if (!created.empty()) CHECK_OK(exec(statements::insert_carrier_contacts, created));
  if (updated.empty()) return {};
  const auto affected = TRY(exec(statements::update_carrier_contacts, updated));
  if (affected != std::ssize(updated)) return fail(Reason::write_conflict, "a carrier's contact was changed meanwhile");
  return {};
}

// A carrier with its contacts is one resource: its version counts up, and it is published whole.
Result<> publish_carriers(Chunk& chunk, const std::vector<Carrier>& held, ContactsOfCarrier contacts) {
  Changes<Carrier> counted;
  for (const auto& before : held) {
    auto after = before;
    after.version = before.version + 1;
    chunk.work.publish(CarrierChanged{after, std::move(contacts[before.id]), before});
    counted.changed.push_back({before, std::move(after)});
  }
  return write_changes(chunk, counted, statements::insert_carriers, statements::update_carriers,
                       [](const Carrier& carrier) { return fold(carrier.name); });
}

std::vector<CarrierId> carriers_of(const Changes<CarrierContact>& changes) {
  std::set<CarrierId> carriers;
  for (const auto& one : changes.created) carriers.insert(one.carrier_id);
  for (const auto& one : changes.changed) carriers.insert(one.after.carrier_id);
  return {carriers.begin(), carriers.end()};
}

}  // namespace

Result<> apply_carriers(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::Carrier>(chunk, places));
  std::vector<std::string> names;
  std::vector<Uuid> sources;
  for (size_t at = 0; at < places.size(); ++at) {
    names.push_back(fold(said[at].name));
    sources.push_back(chunk.records[places[at]].source_id);
  }
  const auto matches =
      TRY(chunk.transaction().many<CarrierMatch>(statements::match_carriers, chunk.agency(), names, sources));
  Changes<Carrier> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const CarrierId id{sources[at]};
    note_change(chunk, places[at], match.existing, lay_onto(match.existing, said[at], id), changes);
  }
  if (chunk.dry_run) return {};
  CHECK_OK(write_changes(chunk, changes, statements::insert_carriers, statements::update_carriers,
                         [](const Carrier& carrier) { return fold(carrier.name); }));
  for (const auto& carrier : changes.created) chunk.work.publish(CarrierChanged{carrier, {}, std::nullopt});
  if (changes.changed.empty()) return {};
  std::vector<CarrierId> changed;
  for (const auto& change : changes.changed) changed.push_back(change.after.id);
  auto contacts = TRY(contacts_of(chunk, changed));
  for (const auto& [before, after] : changes.changed) {
    chunk.work.publish(CarrierChanged{after, std::move(contacts[after.id]), before});
  }
  return {};
}

Result<> apply_carrier_contacts(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::CarrierContact>(chunk, places));
  const auto matches = TRY(match(chunk, places, said));
  std::set<CarrierId> touched;
  for (const auto& match : matches) {
    if (match.carrier_id) touched.insert(*match.carrier_id);
  }
  const std::vector<CarrierId> carriers(touched.begin(), touched.end());
  auto contacts = TRY(contacts_of(chunk, carriers));
  Changes<CarrierContact> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const auto place = places[at];
    const auto carrier = referred(chunk, match.carrier_id, carrier_source(chunk.agency(), said[at].carrier));
    if (!carrier) {
      chunk.reject(place, Reason::carrier_not_found, "its carrier is not there any more");
      continue;
    }
    auto& count = contacts[*carrier];
    if (!match.existing && count.size() >= max_carrier_contacts) {
      chunk.reject(place, Reason::limit_reached,
                   "a carrier has at most " + std::to_string(max_carrier_contacts) + " contacts");
      continue;
    }
    const CarrierContactId id{chunk.records[place].source_id};
    auto contact = lay_onto(match.existing, said[at], id, *carrier);
    if (!match.existing) count.push_back(contact);
    note_change(chunk, place, match.existing, std::move(contact), changes);
  }
  if (chunk.dry_run || (changes.created.empty() && changes.changed.empty())) return {};
  const auto changed = carriers_of(changes);
  const auto held = TRY(chunk.transaction().many<Carrier>(statements::lock_carriers, chunk.agency(), changed));
  CHECK_OK(write(chunk, changes));
  auto now = TRY(contacts_of(chunk, changed));
  return publish_carriers(chunk, held, std::move(now));
}

}  // namespace holdfast::accounts
