#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/product.h"
#include "accounts/domain/verification.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/secrets/key_ring.h"

// The verbs of the inventory and of what carriers ask before they talk about it, each in a file of its own.
namespace holdfast::accounts {

struct GetProduct {
  ProductId id;
};

struct ListProducts {
  std::optional<AccountId> account_id;
  std::optional<CarrierId> carrier_id;
  std::optional<LocationId> location_id;
  std::optional<ProductStatus> status;
  std::int32_t page_size = 0;
  std::string page_token;
};

struct ProductList {
  std::vector<Product> products;
  std::string next_page_token;
};

struct ListVerifications {
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<ProductId> product_id;
};

struct VerificationList {
  std::vector<ShownVerification> verifications;
};

struct RevealedVerification {
  std::string value;
};

Result<Product> add_product(events::UnitOfWork& work, const AddProduct& command);
Result<Product> change_product(events::UnitOfWork& work, const ChangeProduct& command);
Result<Product> terminate_product(events::UnitOfWork& work, const TerminateProduct& command);

Result<Product> get_product(sql::Transaction& transaction, const GetProduct& query);
// Of one account, one carrier, both or all; those at a location belong to its account.
Result<ProductList> list_products(sql::Transaction& transaction, const ListProducts& query);

// Both leave an audit entry in the transaction. The value is in no event, and in no stored answer.
Result<ShownVerification> set_verification(events::UnitOfWork& work, const SetVerification& command,
                                           const secrets::KeyRing& keys);
Result<RevealedVerification> reveal_verification(events::UnitOfWork& work, const RevealVerification& command,
                                                 const secrets::KeyRing& keys);
Result<VerificationList> list_verifications(sql::Transaction& transaction, const ListVerifications& query);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::GetProduct> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetProduct::id}};
};

template <>
struct Fields<accounts::ListProducts> {
  using T = accounts::ListProducts;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},   Field{"carrier_id", &T::carrier_id},
                                         Field{"location_id", &T::location_id}, Field{"status", &T::status},
                                         Field{"page_size", &T::page_size},     Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::ProductList> {
  using T = accounts::ProductList;
  static constexpr auto list =
      FieldList{Field{"products", &T::products}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<accounts::ListVerifications> {
  using T = accounts::ListVerifications;
  static constexpr auto list =
      FieldList{Field{"carrier_account_id", &T::carrier_account_id}, Field{"product_id", &T::product_id}};
};

template <>
struct Fields<accounts::VerificationList> {
  static constexpr auto list = FieldList{Field{"verifications", &accounts::VerificationList::verifications}};
};

template <>
struct Fields<accounts::RevealedVerification> {
  static constexpr auto list = FieldList{Field{"value", &accounts::RevealedVerification::value}};
};

}  // namespace holdfast
