#include "accounts/app/known_book.h"

#include <algorithm>

#include "accounts/domain/product.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/store/import_known.sql.h"

namespace holdfast::accounts {

struct KnownAccount {
  Uuid id;
  std::string name;
  std::string parent;
};

struct KnownLocation {
  Uuid id;
  std::string account;
  std::string name;
  std::string time_zone;
};

struct KnownContact {
  Uuid id;
  std::string account;
  std::string name;
};

struct KnownCarrier {
  Uuid id;
  std::string name;
};

struct KnownContract {
  Uuid id;
  std::string number;
};

struct KnownProduct {
  Uuid id;
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
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"account", &T::account}, Field{"name", &T::name},
                                         Field{"time_zone", &T::time_zone}};
};

template <>
struct Fields<accounts::KnownContact> {
  using T = accounts::KnownContact;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"account", &T::account}, Field{"name", &T::name}};
};

template <>
struct Fields<accounts::KnownCarrier> {
  using T = accounts::KnownCarrier;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}};
};

template <>
struct Fields<accounts::KnownContract> {
  using T = accounts::KnownContract;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"number", &T::number}};
};

template <>
struct Fields<accounts::KnownProduct> {
  using T = accounts::KnownProduct;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"carrier", &T::carrier},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"account", &T::account},
                                         Field{"carrier_account", &T::carrier_account},
                                         Field{"btn", &T::btn},
                                         Field{"status", &T::status}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

using import_book::RowKind;

constexpr std::int64_t page_rows = 5'000;

// All rows of a statement, a page after the other.
template <class Row, class Take>
Result<> each_known(sql::Transaction& transaction, const sql::Statement& statement, Take take) {
  Uuid after;
  while (true) {
    const auto page = TRY(transaction.many<Row>(statement, transaction.agency(), after, page_rows));
    for (const auto& row : page) take(row);
    if (std::ssize(page) < page_rows) return {};
    after = page.back().id;
  }
}

bool has_rows(const import_book::Mapping& mapping, std::initializer_list<RowKind> kinds) {
  return std::ranges::any_of(mapping.sheets, [&](const import_book::SheetMapping& sheet) {
    return std::ranges::find(kinds, sheet.row_is) != kinds.end();
  });
}

// "+16175550149;ext=12" is the number without its extension.
Phone number_of(const std::string& text) { return {text.substr(0, text.find(';')), {}}; }

import_book::Product product_of(const KnownProduct& row) {
  import_book::Product product;
  product.carrier = row.carrier;
  product.circuit_id = row.circuit_id;
  product.account = row.account;
  product.carrier_account = identifier_key(row.carrier_account);
  product.btn = number_of(row.btn);
  product.status = is_over(row.status) ? import_book::ProductStatus::terminated : import_book::ProductStatus::active;
  return product;
}

Result<> load_customers(sql::Transaction& transaction, import_book::Book& known) {
  CHECK_OK(each_known<KnownAccount>(transaction, statements::known_accounts, [&](const KnownAccount& row) {
    known.accounts.push_back({.name = row.name, .parent = row.parent});
  }));
  CHECK_OK(each_known<KnownLocation>(transaction, statements::known_locations, [&](const KnownLocation& row) {
    known.locations.push_back({.account = row.account, .name = row.name, .time_zone = row.time_zone});
  }));
  return each_known<KnownContact>(transaction, statements::known_contacts, [&](const KnownContact& row) {
    known.contacts.push_back({.account = row.account, .name = row.name});
  });
}

}  // namespace

Result<import_book::Book> load_known_book(sql::Transaction& transaction, const import_book::Mapping& mapping) {
  import_book::Book known;
  CHECK_OK(load_customers(transaction, known));
  CHECK_OK(each_known<KnownCarrier>(transaction, statements::known_carriers,
                                    [&](const KnownCarrier& row) { known.carriers.push_back({.name = row.name}); }));
  if (has_rows(mapping, {RowKind::product})) {
    CHECK_OK(each_known<KnownContract>(transaction, statements::known_contracts, [&](const KnownContract& row) {
      known.contracts.push_back({.number = row.number});
    }));
  }
  if (has_rows(mapping, {RowKind::port, RowKind::disconnect, RowKind::port_or_disconnect})) {
    CHECK_OK(each_known<KnownProduct>(transaction, statements::known_products,
                                      [&](const KnownProduct& row) { known.products.push_back(product_of(row)); }));
  }
  return known;
}

bool has_disconnects(const import_book::Mapping& mapping) {
  return has_rows(mapping, {RowKind::disconnect, RowKind::port_or_disconnect});
}

void add_known_ports(import_book::Book& known, const std::vector<OrderRow>& ports) {
  for (const auto& port : ports) {
    import_book::Order order;
    order.kind = import_book::OrderKind::port;
    order.carrier = port.carrier_name;
    order.reference = port.reference;
    order.carrier_account = port.carrier_account;
    if (port.state == OrderState::completed) order.status = import_book::OrderStatus::completed;
    if (port.state == OrderState::cancelled) order.status = import_book::OrderStatus::cancelled;
    known.orders.push_back(order);
  }
}

}  // namespace holdfast::accounts
