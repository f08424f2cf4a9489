#pragma once

#include <optional>
#include <vector>

#include "accounts/domain/account.h"
#include "accounts/domain/carrier.h"
#include "accounts/domain/carrier_account.h"
#include "accounts/domain/contact.h"
#include "accounts/domain/location.h"
#include "accounts/domain/product.h"
#include "accounts/import/book.h"

// What a record of a book says, laid onto what the agency has: a new resource, or the one that is there with what the
// book says differently. What the book does not say stays; nothing is renamed, since names are keys; what has ended is
// not begun again. The version counts up when anything changed.
namespace holdfast::accounts::import_book {

// The ids that a record refers to by name, and its own where it is new.
struct AccountIds {
  AccountId id;
  StaffId owner;                          // of a new account
  std::optional<StaffId> representative;  // the member of staff whom the book names
  std::optional<AccountId> parent;
};

struct ProductIds {
  ProductId id;
  AccountId account;
  std::optional<LocationId> location;
  CarrierId carrier;
  std::optional<CarrierAccountId> carrier_account;
  std::optional<ContractId> contract;
};

accounts::Account lay_onto(const std::optional<accounts::Account>& before, const Account& said, const AccountIds& ids);
accounts::Location lay_onto(const std::optional<accounts::Location>& before, const Location& said, LocationId id,
                            AccountId account);
accounts::Contact lay_onto(const std::optional<accounts::Contact>& before, const Contact& said, ContactId id,
                           AccountId account, const std::vector<LocationId>& sites);
accounts::Carrier lay_onto(const std::optional<accounts::Carrier>& before, const Carrier& said, CarrierId id);
accounts::CarrierContact lay_onto(const std::optional<accounts::CarrierContact>& before, const CarrierContact& said,
                                  CarrierContactId id, CarrierId carrier);
accounts::CarrierAccount lay_onto(const std::optional<accounts::CarrierAccount>& before, const CarrierAccount& said,
                                  CarrierAccountId id, CarrierId carrier, AccountId account);
accounts::Product lay_onto(const std::optional<accounts::Product>& before, const Product& said, const ProductIds& ids);

}  // namespace holdfast::accounts::import_book
