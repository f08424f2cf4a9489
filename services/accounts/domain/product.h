#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/account.h"
#include "runtime/core/money.h"

// The inventory: what carriers bill for.
namespace holdfast::accounts {

enum class ProductType { circuit, trunk, line, toll_free, wireless, seat, other };

// As TMF637 has them; the last three are final.
enum class ProductStatus {
  created,
  pending_active,
  active,
  suspended,
  pending_terminate,
  terminated,
  cancelled,
  aborted
};

// One thing that a carrier bills for.
struct Product {
  ProductId id;
  AccountId account_id;
  std::optional<LocationId> location_id;
  CarrierId carrier_id;
  std::optional<CarrierAccountId> carrier_account_id;
  std::string circuit_id;  // or the telephone number of a line
  std::string btn;         // the billing telephone number
  ProductType type{};
  std::string service;  // as the carrier calls it: "DIA", "POTS"
  std::string speed;
  std::optional<Money> mrc;
  std::optional<Money> nrc;
  std::optional<Date> installed_on;
  std::optional<Date> terminated_on;
  ProductStatus status{};
  std::string contract_number;
  std::optional<ContractId> contract_id;  // where the number is a contract's that the agency has entered
  std::string notes;
  std::int64_t version = 0;

  bool operator==(const Product&) const = default;
};

struct AddProduct {
  AccountId account_id;
  std::optional<ProductId> id;
  std::optional<LocationId> location_id;
  CarrierId carrier_id;
  std::optional<CarrierAccountId> carrier_account_id;
  std::string circuit_id;
  std::string btn;
  std::optional<ProductType> type;
  std::string service;
  std::string speed;
  std::optional<Money> mrc;
  std::optional<Money> nrc;
  std::optional<Date> installed_on;
  std::optional<ProductStatus> status;
  std::string contract_number;
  std::optional<ContractId> contract_id;
  std::string notes;
};

struct ChangeProduct {
  ProductId id;
  std::optional<LocationId> location_id;
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<std::string> circuit_id;
  std::optional<std::string> btn;
  std::optional<ProductType> type;
  std::optional<std::string> service;
  std::optional<std::string> speed;
  std::optional<Money> mrc;
  std::optional<Money> nrc;
  std::optional<Date> installed_on;
  std::optional<ProductStatus> status;
  std::optional<std::string> contract_number;
  std::optional<ContractId> contract_id;
  std::optional<std::string> notes;
  std::vector<std::string> clear;  // location_id, carrier_account_id, mrc, nrc, installed_on, contract_id
  std::string reason;
  std::string etag;
};

struct TerminateProduct {
  ProductId id;
  Date terminated_on;
  std::string reason;
  std::string etag;
};

// What is known of what a product names; nothing where it does not exist.
struct ProductSurroundings {
  bool carrier_exists = false;
  std::optional<AccountId> account_of_location;
  std::optional<CarrierId> carrier_of_carrier_account;
  std::optional<AccountId> account_of_carrier_account;
};

struct ProductAdded {
  Product product;
};

// Anything of it. product-state-changed follows it where that applies.
struct ProductChanged {
  Product product;
  Product before;
};

struct ProductStateChanged {
  Product product;
  ProductStatus before{};
  std::string reason;
};

inline constexpr size_t max_reason_bytes = 2'000;

// It begins active, unless it is not there yet: created or pendingActive.
Result<Product> add(const AddProduct& command, AccountStatus account, const ProductSurroundings& surroundings,
                    Instant now);

// With the surroundings of what it will name. States follow each other as TMF637 says; `terminated` takes a day
// (terminate).
Result<Product> change(const Product& before, const ChangeProduct& command, const ProductSurroundings& surroundings);

// What is or was active ends on a day: pendingTerminate until that day is over, then terminated. `today` is the
// location's, or the agency's.
Result<Product> terminate(const Product& before, const TerminateProduct& command, Date today);

// Final: nothing follows.
bool is_over(ProductStatus status);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::ProductType> =
    std::to_array<std::string_view>({"circuit", "trunk", "line", "tollFree", "wireless", "seat", "other"});

template <>
inline constexpr auto enum_names<accounts::ProductStatus> = std::to_array<std::string_view>(
    {"created", "pendingActive", "active", "suspended", "pendingTerminate", "terminated", "cancelled", "aborted"});

template <>
struct Fields<accounts::Product> {
  using T = accounts::Product;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_account_id", &T::carrier_account_id},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"btn", &T::btn},
                                         Field{"type", &T::type},
                                         Field{"service", &T::service},
                                         Field{"speed", &T::speed},
                                         Field{"mrc", &T::mrc},
                                         Field{"nrc", &T::nrc},
                                         Field{"installed_on", &T::installed_on},
                                         Field{"terminated_on", &T::terminated_on},
                                         Field{"status", &T::status},
                                         Field{"contract_number", &T::contract_number},
                                         Field{"contract_id", &T::contract_id},
                                         Field{"notes", &T::notes},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddProduct> {
  using T = accounts::AddProduct;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},
                                         Field{"id", &T::id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_account_id", &T::carrier_account_id},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"btn", &T::btn},
                                         Field{"type", &T::type},
                                         Field{"service", &T::service},
                                         Field{"speed", &T::speed},
                                         Field{"mrc", &T::mrc},
                                         Field{"nrc", &T::nrc},
                                         Field{"installed_on", &T::installed_on},
                                         Field{"status", &T::status},
                                         Field{"contract_number", &T::contract_number},
                                         Field{"contract_id", &T::contract_id},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::ChangeProduct> {
  using T = accounts::ChangeProduct;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_account_id", &T::carrier_account_id},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"btn", &T::btn},
                                         Field{"type", &T::type},
                                         Field{"service", &T::service},
                                         Field{"speed", &T::speed},
                                         Field{"mrc", &T::mrc},
                                         Field{"nrc", &T::nrc},
                                         Field{"installed_on", &T::installed_on},
                                         Field{"status", &T::status},
                                         Field{"contract_number", &T::contract_number},
                                         Field{"contract_id", &T::contract_id},
                                         Field{"notes", &T::notes},
                                         Field{"clear", &T::clear},
                                         Field{"reason", &T::reason},
                                         Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::TerminateProduct> {
  using T = accounts::TerminateProduct;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"terminated_on", &T::terminated_on},
                                         Field{"reason", &T::reason}, Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::ProductSurroundings> {
  using T = accounts::ProductSurroundings;
  static constexpr auto list =
      FieldList{Field{"carrier_exists", &T::carrier_exists}, Field{"account_of_location", &T::account_of_location},
                Field{"carrier_of_carrier_account", &T::carrier_of_carrier_account},
                Field{"account_of_carrier_account", &T::account_of_carrier_account}};
};

template <>
struct Fields<accounts::ProductAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.ProductAdded";
  static constexpr auto list = FieldList{Field{"product", &accounts::ProductAdded::product}};
};

template <>
struct Fields<accounts::ProductChanged> {
  using T = accounts::ProductChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.ProductChanged";
  static constexpr auto list = FieldList{Field{"product", &T::product}, Field{"before", &T::before}};
};

template <>
struct Fields<accounts::ProductStateChanged> {
  using T = accounts::ProductStateChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.ProductStateChanged";
  static constexpr auto list =
      FieldList{Field{"product", &T::product}, Field{"before", &T::before}, Field{"reason", &T::reason}};
};

}  // namespace holdfast
