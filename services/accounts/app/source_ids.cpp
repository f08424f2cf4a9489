#include "accounts/app/source_ids.h"

#include <initializer_list>
#include <string>

#include "accounts/domain/product.h"
#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

Uuid source(const AgencyId& agency, RecordKind kind, std::initializer_list<std::string> key) {
  std::string name(to_string(kind));
  for (const auto& part : key) (name += '\x1f') += part;
  return named_uuid(agency.uuid, name);
}

std::string day(const std::optional<Date>& date) { return date ? format_date(*date) : std::string(); }

}  // namespace

Uuid account_source(const AgencyId& agency, std::string_view account) {
  return source(agency, RecordKind::account, {fold(account)});
}
Uuid location_source(const AgencyId& agency, std::string_view account, std::string_view location) {
  return source(agency, RecordKind::location, {fold(account), fold(location)});
}
Uuid contract_source(const AgencyId& agency, std::string_view number) {
  return source(agency, RecordKind::contract, {fold(number)});
}
Uuid carrier_source(const AgencyId& agency, std::string_view carrier) {
  return source(agency, RecordKind::carrier, {fold(carrier)});
}
Uuid carrier_account_source(const AgencyId& agency, std::string_view carrier, std::string_view number) {
  return source(agency, RecordKind::carrier_account, {fold(carrier), identifier_key(number)});
}

Uuid source_of(const AgencyId& agency, const import_book::Carrier& record) {
  return carrier_source(agency, record.name);
}
Uuid source_of(const AgencyId& agency, const import_book::Account& record) {
  return account_source(agency, record.name);
}
Uuid source_of(const AgencyId& agency, const import_book::Location& record) {
  return location_source(agency, record.account, record.name);
}
Uuid source_of(const AgencyId& agency, const import_book::Contact& record) {
  return source(agency, RecordKind::contact, {fold(record.account), fold(record.name)});
}
Uuid source_of(const AgencyId& agency, const import_book::CarrierContact& record) {
  return source(
      agency, RecordKind::carrier_contact,
      {fold(record.carrier), fold(record.function), std::to_string(record.level.value_or(0)), fold(record.name)});
}
Uuid source_of(const AgencyId& agency, const import_book::CarrierAccount& record) {
  return carrier_account_source(agency, record.carrier, record.number);
}
Uuid source_of(const AgencyId& agency, const import_book::Contract& record) {
  return contract_source(agency, record.number);
}
// A circuit ID may be used again once the old circuit is gone; the day of installation tells them apart.
Uuid source_of(const AgencyId& agency, const import_book::Product& record) {
  const bool gone = record.status == import_book::ProductStatus::terminated;
  return source(
      agency, RecordKind::product,
      {fold(record.carrier), identifier_key(record.circuit_id),
       record.install || !gone ? day(record.install) : std::string(to_string(accounts::ProductStatus::terminated))});
}
Uuid source_of(const AgencyId& agency, const import_book::Order& record) {
  const auto& submitted = record.submitted ? record.submitted : record.date;
  return source(agency, RecordKind::order,
                {std::to_string(static_cast<int>(record.kind)), fold(record.carrier), identifier_key(record.reference),
                 record.confirmation.empty() ? day(submitted) : identifier_key(record.confirmation)});
}

}  // namespace holdfast::accounts
