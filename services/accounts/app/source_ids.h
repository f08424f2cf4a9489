#pragma once

#include <string_view>

#include "accounts/import/book.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/uuid.h"

namespace holdfast::accounts {

// In the order in which they are applied: nothing refers to what comes later.
enum class RecordKind {
  carrier,
  account,
  location,
  contact,
  carrier_contact,
  carrier_account,
  contract,
  product,
  order
};

// The id that a record has by its key alone: the same whenever a book of this agency says the same thing, so that a
// second import finds the first one's record, and a reference can be told before what it refers to is there.
Uuid account_source(const AgencyId& agency, std::string_view account);
Uuid location_source(const AgencyId& agency, std::string_view account, std::string_view location);
Uuid contract_source(const AgencyId& agency, std::string_view number);
Uuid carrier_source(const AgencyId& agency, std::string_view carrier);
Uuid carrier_account_source(const AgencyId& agency, std::string_view carrier, std::string_view number);

Uuid source_of(const AgencyId& agency, const import_book::Carrier& record);
Uuid source_of(const AgencyId& agency, const import_book::Account& record);
Uuid source_of(const AgencyId& agency, const import_book::Location& record);
Uuid source_of(const AgencyId& agency, const import_book::Contact& record);
Uuid source_of(const AgencyId& agency, const import_book::CarrierContact& record);
Uuid source_of(const AgencyId& agency, const import_book::CarrierAccount& record);
Uuid source_of(const AgencyId& agency, const import_book::Contract& record);
Uuid source_of(const AgencyId& agency, const import_book::Product& record);
Uuid source_of(const AgencyId& agency, const import_book::Order& record);

}  // namespace holdfast::accounts

template <>
inline constexpr auto holdfast::enum_names<holdfast::accounts::RecordKind> = std::to_array<std::string_view>(
    {"carrier", "account", "location", "contact", "carrierContact", "carrierAccount", "contract", "product", "order"});
