#include "accounts/import/lay_onto.h"

#include <algorithm>

namespace holdfast::accounts::import_book {
namespace {

constexpr auto closed_by_book = "closed in the imported book";

void say(std::string& kept, const std::string& said) {
  if (!said.empty()) kept = said;
}
void say(std::string& kept, const Phone& said) {
  if (!said.e164.empty()) kept = format_phone(said);
}
template <class T, class Said>
void say(std::optional<T>& kept, const std::optional<Said>& said) {
  if (said) kept = *said;
}

// One version more than before where anything differs; 1 for what is new.
template <class Resource>
Resource counted(const std::optional<Resource>& before, Resource after) {
  if (!before) {
    after.version = 1;
  } else if (!(after == *before)) {
    after.version = before->version + 1;
  }
  return after;
}

accounts::AccountStatus status_of(AccountStatus said) {
  switch (said) {
    case AccountStatus::active:
      return accounts::AccountStatus::active;
    case AccountStatus::prospect:
      return accounts::AccountStatus::prospect;
    case AccountStatus::closed:
      break;
  }
  return accounts::AccountStatus::closed;
}

// A book knows no finer states of a customer than that there is business with them: those stay.
bool says_nothing_new(accounts::AccountStatus kept, AccountStatus said) {
  using Kept = accounts::AccountStatus;
  const bool in_business = kept == Kept::onboarding || kept == Kept::suspended;
  return kept == Kept::closed || (in_business && said == AccountStatus::active) || kept == status_of(said);
}

void say_status(accounts::Account& account, const std::optional<AccountStatus>& said) {
  if (!said || says_nothing_new(account.status, *said)) return;
  account.status = status_of(*said);
  account.status_reason = *said == AccountStatus::closed ? closed_by_book : "";
}

accounts::LocationStatus status_of(LocationStatus said) {
  if (said == LocationStatus::planned) return accounts::LocationStatus::planned;
  return said == LocationStatus::closed ? accounts::LocationStatus::closed : accounts::LocationStatus::active;
}

TimeZoneSource source_of(ZoneSource from) {
  switch (from) {
    case ZoneSource::none:
      return TimeZoneSource::unknown;
    case ZoneSource::stated:
      return TimeZoneSource::stated;
    case ZoneSource::state:
      return TimeZoneSource::state;
    case ZoneSource::zip:
      break;
  }
  return TimeZoneSource::postal_code;
}

// What somebody has stated is not overruled by what an address tells.
void say_zone(accounts::Location& location, const Location& said) {
  const bool told = !said.time_zone.empty();
  const bool overrules = said.zone_from == ZoneSource::stated || location.time_zone_source != TimeZoneSource::stated;
  if (!told || !overrules) return;
  location.time_zone = said.time_zone;
  location.time_zone_source = source_of(said.zone_from);
}

accounts::ProductStatus status_of(ProductStatus said) {
  switch (said) {
    case ProductStatus::active:
      return accounts::ProductStatus::active;
    case ProductStatus::pending_active:
      return accounts::ProductStatus::pending_active;
    case ProductStatus::suspended:
      return accounts::ProductStatus::suspended;
    case ProductStatus::terminated:
      break;
  }
  return accounts::ProductStatus::terminated;
}

ProductType type_of(const std::string& said) { return parse_enum<ProductType>(said).value_or(ProductType::other); }

}  // namespace

accounts::Account lay_onto(const std::optional<accounts::Account>& before, const Account& said, const AccountIds& ids) {
  auto after = before.value_or(accounts::Account{.id = ids.id,
                                                 .name = said.name,
                                                 .status = accounts::AccountStatus::active,
                                                 .tier = Tier::standard,
                                                 .owner_id = ids.owner});
  say(after.number, said.number);
  say(after.representative, said.rep);
  say(after.since, said.since);
  say(after.notes, said.notes);
  say(after.parent_id, ids.parent);
  say_status(after, said.status);
  if (ids.representative) after.owner_id = *ids.representative;
  return counted(before, std::move(after));
}

accounts::Location lay_onto(const std::optional<accounts::Location>& before, const Location& said, LocationId id,
                            AccountId account) {
  auto after = before.value_or(accounts::Location{
      .id = id, .account_id = account, .name = said.name, .status = accounts::LocationStatus::active});
  say(after.street, said.street);
  say(after.city, said.city);
  say(after.state, said.state);
  say(after.postal_code, said.zip);
  say(after.main_phone, said.main_phone);
  say(after.notes, said.notes);
  say_zone(after, said);
  if (said.status) after.status = status_of(*said.status);
  return counted(before, std::move(after));
}

accounts::Contact lay_onto(const std::optional<accounts::Contact>& before, const Contact& said, ContactId id,
                           AccountId account, const std::vector<LocationId>& sites) {
  auto after = before.value_or(accounts::Contact{.id = id, .account_id = account, .name = said.name});
  say(after.title, said.title);
  say(after.email, said.email);
  say(after.phone, said.phone);
  for (const auto& site : sites) {
    const bool there = std::ranges::find(after.location_ids, site) != after.location_ids.end();
    if (!there && after.location_ids.size() < max_contact_locations) after.location_ids.push_back(site);
  }
  return counted(before, std::move(after));
}

accounts::Carrier lay_onto(const std::optional<accounts::Carrier>& before, const Carrier& said, CarrierId id) {
  auto after = before.value_or(accounts::Carrier{.id = id, .name = said.name});
  say(after.notes, said.notes);
  return counted(before, std::move(after));
}

accounts::CarrierContact lay_onto(const std::optional<accounts::CarrierContact>& before, const CarrierContact& said,
                                  CarrierContactId id, CarrierId carrier) {
  auto after = before.value_or(accounts::CarrierContact{
      .id = id, .carrier_id = carrier, .function = said.function, .level = said.level, .name = said.name});
  say(after.phone, said.phone);
  say(after.after_hours_phone, said.after_hours);
  say(after.email, said.email);
  say(after.verified_on, said.verified);
  say(after.notes, said.notes);
  return counted(before, std::move(after));
}

accounts::CarrierAccount lay_onto(const std::optional<accounts::CarrierAccount>& before, const CarrierAccount& said,
                                  CarrierAccountId id, CarrierId carrier, AccountId account) {
  auto after = before.value_or(accounts::CarrierAccount{.id = id, .carrier_id = carrier, .number = said.number});
  after.account_id = account;
  return counted(before, std::move(after));
}

accounts::Product lay_onto(const std::optional<accounts::Product>& before, const Product& said, const ProductIds& ids) {
  auto after = before.value_or(accounts::Product{.id = ids.id,
                                                 .carrier_id = ids.carrier,
                                                 .circuit_id = said.circuit_id,
                                                 .type = type_of(said.type),
                                                 .status = accounts::ProductStatus::active});
  after.account_id = ids.account;
  say(after.location_id, ids.location);
  say(after.carrier_account_id, ids.carrier_account);
  say(after.btn, said.btn);
  if (!said.type.empty()) after.type = type_of(said.type);
  say(after.service, said.service);
  say(after.speed, said.speed);
  say(after.mrc, said.mrc);
  say(after.nrc, said.nrc);
  say(after.installed_on, said.install);
  say(after.terminated_on, said.terminated_on);
  if (said.status && !is_over(after.status)) after.status = status_of(*said.status);
  say(after.contract_number, said.contract);
  say(after.contract_id, ids.contract);
  say(after.notes, said.notes);
  return counted(before, std::move(after));
}

}  // namespace holdfast::accounts::import_book
