#include <algorithm>
#include <regex>

#include "accounts/import/rows.h"
#include "accounts/import/text.h"
#include "accounts/import/zones.h"

namespace holdfast::accounts::import_book {
namespace {

// What one row says of a customer. A location or contact without a name is not there.
struct Customer {
  Account account;
  Location location;
  Contact contact;
};

void pair_accounts(Merge& merge, Account& kept, const Account& said) {
  merge.text(Field::account_number, kept.number, said.number);
  merge.text(Field::account_parent, kept.parent, said.parent);
  merge.value(Field::account_status, kept.status, said.status);
  merge.text(Field::account_rep, kept.rep, said.rep);
  merge.value(Field::account_since, kept.since, said.since);
}

void pair_locations(Merge& merge, Location& kept, const Location& said) {
  merge.text(Field::location_street, kept.street, said.street);
  merge.text(Field::location_city, kept.city, said.city);
  merge.text(Field::location_state, kept.state, said.state);
  merge.text(Field::location_zip, kept.zip, said.zip);
  merge.text(Field::location_time_zone, kept.time_zone, said.time_zone);
  merge.phone(Field::location_main_phone, kept.main_phone, said.main_phone);
  merge.value(Field::location_status, kept.status, said.status);
}

void pair_contacts(Merge& merge, Contact& kept, const Contact& said) {
  merge.text(Field::contact_title, kept.title, said.title);
  merge.text(Field::contact_email, kept.email, said.email);
  merge.phone(Field::contact_phone, kept.phone, said.phone);
}

std::optional<AccountStatus> account_status(RowFacts& row) {
  if (!row.has(Field::account_status)) return std::nullopt;  // the default must not contradict another row
  const auto meaning = row.meaning(Field::account_status);
  if (!meaning) return std::nullopt;
  if (*meaning == "prospect") return AccountStatus::prospect;
  return *meaning == "closed" ? AccountStatus::closed : AccountStatus::active;
}

std::optional<LocationStatus> location_status(RowFacts& row) {
  if (!row.has(Field::location_status)) return std::nullopt;
  const auto meaning = row.meaning(Field::location_status);
  if (!meaning) return std::nullopt;
  if (*meaning == "planned") return LocationStatus::planned;
  return *meaning == "closed" ? LocationStatus::closed : LocationStatus::active;
}

// "7730 Summerhouse St., Orange Park, FL 32065" in one cell, where no column names the city.
void take_address_apart(RowFacts& row, Location& location) {
  static const std::regex parts(R"(^(.+), *([^,]+), *([A-Za-z]{2})\.? +(\d{5}(?:-\d{4})?)$)");
  const auto address = row.address(Field::location_street);
  std::smatch match;
  // std::regex recurses by the character, so an endless address stays as it is.
  if (address.size() > 300 || !std::regex_match(address, match, parts)) return;
  const auto state = state_code(match[3].str());
  if (!state) return;
  if (location.state.empty()) location.state = *state;
  location.city = clean(match[2].str());
  location.zip = match[4].str();
  location.street = clean(match[1].str());
  while (location.street.ends_with(',')) location.street.pop_back();
}

Location read_location(RowFacts& row) {
  Location location;
  location.place = row.place();
  location.street = row.text(Field::location_street);
  location.city = row.text(Field::location_city);
  const auto state = row.text(Field::location_state);
  const auto zip = row.text(Field::location_zip);
  location.state = state_code(state).value_or("");
  location.zip = zip_code(zip).value_or("");
  const auto zone = row.text(Field::location_time_zone);
  location.time_zone = zone_named(zone).value_or("");
  if (!zone.empty() && location.time_zone.empty())
    row.warn(Field::location_time_zone, Reason::time_zone_unknown, "this is no time zone");
  if (!location.time_zone.empty()) location.zone_from = ZoneSource::stated;
  location.main_phone = row.phone(Field::location_main_phone);
  location.status = location_status(row);
  if (!row.mapped(Field::location_city) && !row.mapped(Field::location_zip)) take_address_apart(row, location);
  const bool told = row.has(Field::location_name) || !location.street.empty() || !location.city.empty() ||
                    !state.empty() || !zip.empty() || !location.main_phone.e164.empty();
  const bool always = row.reading().sheet->row_is == RowKind::location;
  if (told || always) location.name = row.text(Field::location_name);
  if ((told || always) && location.name.empty()) location.name = unnamed_location;
  return location;
}

Contact read_contact(RowFacts& row) {
  Contact contact;
  contact.place = row.place();
  contact.name = contact_name(row);
  contact.title = row.text(Field::contact_title);
  contact.email = row.email(Field::contact_email);
  contact.phone = row.phone(Field::contact_phone);
  return contact;
}

// A contact's row may leave its account to be told by the place, by an earlier row about the same person, or by a group
// that is called nearly as the account.
std::string account_of_contact(BookReading& reading, RowFacts& row, const Customer& customer) {
  if (!customer.location.name.empty()) {
    if (const auto location = reading.catalog.location_named(customer.location.name)) return location->account;
  }
  if (const auto contact = reading.catalog.contact_named(customer.contact.name)) return contact->account;
  const auto group = row.text(Field::contact_group);
  if (group.empty()) return {};
  if (const auto account = reading.catalog.account(group)) return account->name;
  const auto account = reading.catalog.account_of_form(group);
  if (!account) return {};
  row.warn(Field::contact_group, Reason::possible_duplicate, "taken for the account " + account->name, account->place);
  return account->name;
}

// Fills in the account that a contact's row does not bring itself; false when there is none.
bool settle_account(BookReading& reading, RowFacts& row, Customer& customer) {
  if (row.reading().sheet->row_is != RowKind::contact) return true;
  auto name = customer.account.name.empty() ? account_of_contact(reading, row, customer) : customer.account.name;
  const auto account = name.empty() ? std::nullopt : reading.catalog.account(name);
  if (!account) {
    row.reject(name.empty() ? Field::contact_name : Field::account_name, Reason::unknown_customer,
               "the book has no such customer");
    return false;
  }
  customer.account.name = account->name;
  if (customer.location.name.empty() || reading.catalog.location(account->name, customer.location.name)) return true;
  row.reject(Field::location_name, Reason::unknown_location, "the customer has no such location");
  return false;
}

std::optional<Customer> read_customer(BookReading& reading, RowFacts& row) {
  Customer customer;
  customer.account.place = row.place();
  customer.account.name = row.text(Field::account_name);
  customer.account.number = row.identifier(Field::account_number);
  customer.account.parent = row.text(Field::account_parent);
  customer.account.status = account_status(row);
  customer.account.rep = row.text(Field::account_rep);
  customer.account.since = row.date(Field::account_since);
  customer.location = read_location(row);
  customer.contact = read_contact(row);
  const auto notes = row.note();
  auto& holder = !customer.location.name.empty() ? customer.location.notes : customer.account.notes;
  holder = notes;
  if (row.rejected() || !settle_account(reading, row, customer)) return std::nullopt;
  customer.location.account = customer.account.name;
  customer.contact.account = customer.account.name;
  return customer;
}

// A record of an earlier row, and its place in the book.
template <class Record>
struct Kept {
  std::uint32_t at;
  Record record;
};

template <class Record>
std::optional<Kept<Record>> kept_at(const Records<Record>& records, const Catalog::Place& at) {
  if (!at) return std::nullopt;
  return Kept<Record>{*at, records[*at]};
}

// What the book already has of this customer.
struct Earlier {
  std::optional<Kept<Account>> account;
  std::optional<Kept<Location>> location;
  std::optional<Kept<Contact>> contact;
  std::optional<RowPlace> site;
};

Earlier find_earlier(const BookReading& reading, const Customer& customer) {
  const auto& catalog = reading.catalog;
  Earlier earlier;
  earlier.account = kept_at(reading.book.accounts, catalog.own_account(customer.account.name));
  if (!customer.location.name.empty()) {
    earlier.location =
        kept_at(reading.book.locations, catalog.own_location(customer.account.name, customer.location.name));
  }
  if (customer.contact.name.empty()) return earlier;
  earlier.contact = kept_at(reading.book.contacts, catalog.own_contact(customer.account.name, customer.contact.name));
  if (earlier.contact) earlier.site = catalog.own_site(earlier.contact->at, customer.location.name);
  return earlier;
}

void pair_all(Merge& merge, Earlier& earlier, const Customer& customer, RowPlace& contradicted) {
  const auto note = [&](const auto& record) {
    if (merge.contradicts() && contradicted.row == 0) contradicted = record.place;
  };
  if (earlier.account) {
    pair_accounts(merge, earlier.account->record, customer.account);
    note(earlier.account->record);
  }
  if (earlier.location) {
    pair_locations(merge, earlier.location->record, customer.location);
    note(earlier.location->record);
  }
  if (earlier.contact) {
    pair_contacts(merge, earlier.contact->record, customer.contact);
    note(earlier.contact->record);
  }
}

void keep(Book& book, const Earlier& earlier) {
  if (earlier.account) book.accounts.set(earlier.account->at, earlier.account->record);
  if (earlier.location) book.locations.set(earlier.location->at, earlier.location->record);
  if (earlier.contact) book.contacts.set(earlier.contact->at, earlier.contact->record);
}

// Whether the group of fields that a warning is about came new with this row.
std::function<bool(Field)> brings(bool account, bool location, bool contact) {
  return [=](Field field) {
    const auto name = name_of(field);
    if (name.starts_with("account.")) return account;
    if (name.starts_with("contact.")) return contact;
    if (name.starts_with("location.")) return location;
    return account || location || contact;
  };
}

RowPlace first_place(const Earlier& earlier, const Customer& customer) {
  if (earlier.site) return *earlier.site;
  if (earlier.contact && customer.location.name.empty()) return earlier.contact->record.place;
  if (earlier.location) return earlier.location->record.place;
  return earlier.account ? earlier.account->record.place : RowPlace{};
}

// What of a customer no earlier row has brought.
struct News {
  bool account, location, contact, site;

  bool any() const { return account || location || contact || site; }
};

News find_news(const Earlier& earlier, const Customer& customer, RowKind kind) {
  const bool of_contact = kind == RowKind::contact;  // such a row names its account and location, it does not make them
  const bool located = !customer.location.name.empty();
  const bool person = !customer.contact.name.empty();
  return {!earlier.account && !of_contact, located && !earlier.location && !of_contact, person && !earlier.contact,
          person && located && !earlier.site};
}

void add_news(Catalog& catalog, const News& news, const Earlier& earlier, Customer customer) {
  const auto place = customer.account.place;
  if (news.contact) {
    if (news.site) customer.contact.sites.push_back({customer.location.name, place});
    catalog.add(customer.contact);
  } else if (news.site) {
    catalog.add(AddedSite{place, earlier.contact->at, customer.location.name});
  }
  if (news.account) catalog.add(customer.account);
  if (news.location) catalog.add(customer.location);
}

}  // namespace

RowOutcome read_customer_row(BookReading& reading, RowFacts& row) {
  auto customer = read_customer(reading, row);
  if (!customer) return {};
  auto earlier = find_earlier(reading, *customer);
  Merge merge;
  RowPlace contradicted;
  pair_all(merge, earlier, *customer, contradicted);
  if (merge.contradicts()) {
    row.reject(merge.contradiction(), Reason::duplicate_conflict,
               "an earlier row says otherwise, and the first one counts", contradicted);
    return {};
  }
  merge.apply();
  pair_all(merge, earlier, *customer, contradicted);
  if (merge.adds()) keep(reading.book, earlier);
  const auto news = find_news(earlier, *customer, row.reading().sheet->row_is);
  RowOutcome outcome;
  outcome.warns = brings(news.account, news.location, news.contact);
  if (!news.any()) {
    outcome.verdict = merge.adds() ? Verdict::updated : Verdict::unchanged;
    outcome.first = first_place(earlier, *customer);
  }
  if (news.site && !news.contact) outcome.follows = earlier.contact->record.place;
  add_news(reading.catalog, news, earlier, *std::move(customer));
  return outcome;
}

std::string contact_name(RowFacts& row) {
  auto name = row.text(Field::contact_name);
  if (name.empty()) name = clean(row.text(Field::contact_first_name) + " " + row.text(Field::contact_last_name));
  return name;
}

std::optional<Account> named_account(BookReading& reading, RowFacts& row) {
  const auto name = row.text(Field::account_name);
  auto account = name.empty() ? std::nullopt : reading.catalog.account(name);
  if (!account) row.reject(Field::account_name, Reason::unknown_customer, "the book has no such customer");
  return account;
}

}  // namespace holdfast::accounts::import_book
