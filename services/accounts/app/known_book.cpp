#include "accounts/app/known_book.h"

#include "accounts/app/source_ids.h"
#include "accounts/domain/product.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/store/import_known.sql.h"
#include "accounts/store/import_matches.sql.h"

namespace holdfast::accounts {

struct KnownAccount {
  AccountId id;
  std::string name;
  std::string parent;
};

// Of the account at this place among those that were asked for.
struct KnownLocation {
  std::int64_t place = 0;
  std::string name;
  std::string time_zone;
};

struct KnownContact {
  std::string account;
  std::string name;
};

struct KnownProduct {
  std::string carrier;
  std::string circuit_id;
  std::string account;
  std::string carrier_account;
  std::string btn;
  ProductStatus status{};
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::KnownAccount> {
  using T = accounts::KnownAccount;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"parent", &T::parent}};
};

template <>
struct Fields<accounts::KnownLocation> {
  using T = accounts::KnownLocation;
  static constexpr auto list =
      FieldList{Field{"place", &T::place}, Field{"name", &T::name}, Field{"time_zone", &T::time_zone}};
};

template <>
struct Fields<accounts::KnownContact> {
  using T = accounts::KnownContact;
  static constexpr auto list = FieldList{Field{"account", &T::account}, Field{"name", &T::name}};
};

template <>
struct Fields<accounts::KnownProduct> {
  using T = accounts::KnownProduct;
  static constexpr auto list = FieldList{Field{"carrier", &T::carrier}, Field{"circuit_id", &T::circuit_id},
                                         Field{"account", &T::account}, Field{"carrier_account", &T::carrier_account},
                                         Field{"btn", &T::btn},         Field{"status", &T::status}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

using import_book::Catalog;
using import_book::Mentions;

std::vector<std::string> listed(const std::set<std::string>& keys) { return {keys.begin(), keys.end()}; }

Result<> find_locations(sql::Transaction& transaction, const std::vector<KnownAccount>& accounts, Catalog& catalog) {
  std::vector<Uuid> ids;
  for (const auto& account : accounts) ids.push_back(account.id.uuid);
  const auto locations = TRY(transaction.many<KnownLocation>(statements::known_locations, transaction.agency(), ids));
  for (const auto& location : locations) {
    const auto& account = accounts[static_cast<size_t>(location.place) - 1];
    catalog.know(
        import_book::Location{.account = account.name, .name = location.name, .time_zone = location.time_zone});
  }
  return {};
}

Result<> find_accounts(sql::Transaction& transaction, const Mentions& mentions, Catalog& catalog) {
  auto accounts = TRY(transaction.many<KnownAccount>(statements::known_accounts, transaction.agency(),
                                                     listed(mentions.accounts), listed(mentions.forms),
                                                     listed(mentions.locations), listed(mentions.contacts)));
  std::erase_if(accounts, [&](const KnownAccount& account) {
    return !catalog.know(import_book::Account{.name = account.name, .parent = account.parent});
  });
  return accounts.empty() ? Result<>() : find_locations(transaction, accounts, catalog);
}

Result<> find_contacts(sql::Transaction& transaction, const Mentions& mentions, Catalog& catalog) {
  const auto contacts =
      TRY(transaction.many<KnownContact>(statements::known_contacts, transaction.agency(), listed(mentions.contacts)));
  for (const auto& contact : contacts) {
    catalog.know(import_book::Contact{.account = contact.account, .name = contact.name});
  }
  return {};
}

Result<> find_contracts(sql::Transaction& transaction, const Mentions& mentions, Catalog& catalog) {
  std::vector<Uuid> sources;
  for (const auto& number : mentions.contracts) sources.push_back(contract_source(transaction.agency(), number));
  const auto numbers = TRY(transaction.many<std::string>(statements::known_contracts, transaction.agency(), sources));
  for (const auto& number : numbers) catalog.know(import_book::Contract{.number = number});
  return {};
}

import_book::Product product_of(const KnownProduct& row) {
  import_book::Product product;
  product.carrier = row.carrier;
  product.circuit_id = row.circuit_id;
  product.account = row.account;
  product.carrier_account = identifier_key(row.carrier_account);
  product.btn = {row.btn, {}};
  product.status = is_over(row.status) ? import_book::ProductStatus::terminated : import_book::ProductStatus::active;
  return product;
}

Result<> find_products(sql::Transaction& transaction, const Mentions& mentions, Catalog& catalog) {
  const auto products = TRY(transaction.many<KnownProduct>(
      statements::known_products, transaction.agency(), listed(mentions.billing_numbers), listed(mentions.circuits)));
  for (const auto& product : products) catalog.know(product_of(product));
  return {};
}

import_book::Order port_of(const OrderRow& row) {
  import_book::Order order;
  order.kind = import_book::OrderKind::port;
  order.carrier = row.carrier_name;
  order.reference = row.reference;
  order.carrier_account = row.carrier_account;
  if (row.state == OrderState::completed) order.status = import_book::OrderStatus::completed;
  if (row.state == OrderState::cancelled) order.status = import_book::OrderStatus::cancelled;
  return order;
}

}  // namespace

Result<std::vector<std::string>> AgencyBook::carriers() {
  return database_.read(call_, [](sql::Transaction& transaction) {
    return transaction.many<std::string>(statements::known_carriers, transaction.agency());
  });
}

Result<std::vector<import_book::Order>> AgencyBook::ports() {
  std::vector<import_book::Order> ports;
  for (const auto& row : TRY(contracts_.list_ports(call_))) ports.push_back(port_of(row));
  return ports;
}

Result<> AgencyBook::find(const Mentions& mentions, Catalog& catalog) {
  return database_.read(call_, [&](sql::Transaction& transaction) -> Result<> {
    transaction.defer(statements::look_by_index);
    CHECK_OK(find_accounts(transaction, mentions, catalog));
    if (!mentions.contacts.empty()) CHECK_OK(find_contacts(transaction, mentions, catalog));
    if (!mentions.contracts.empty()) CHECK_OK(find_contracts(transaction, mentions, catalog));
    if (mentions.billing_numbers.empty() && mentions.circuits.empty()) return {};
    return find_products(transaction, mentions, catalog);
  });
}

}  // namespace holdfast::accounts
