#include "accounts/rpc/contracts_peer.h"

#include "runtime/command/remote.h"

namespace holdfast::accounts {

struct ListOrders {
  std::int32_t page_size = 0;
  std::string page_token;
};

struct OrderPage {
  std::vector<OrderRow> orders;
  std::string next_page_token;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::ListOrders> {
  using T = accounts::ListOrders;
  static constexpr auto list = FieldList{Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::OrderPage> {
  using T = accounts::OrderPage;
  static constexpr auto list = FieldList{Field{"orders", &T::orders}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

constexpr std::int32_t page_orders = 500;

Result<std::vector<OrderRow>> list_ports(const rpc::Client& client, const Call& call) {
  std::vector<OrderRow> ports;
  ListOrders query{.page_size = page_orders};
  do {
    auto page = TRY((command::call<OrderPage>(client, "holdfast.contracts.v1.OrderService/ListOrders", call, query)));
    for (auto& order : page.orders) {
      if (order.kind == OrderKind::port) ports.push_back(std::move(order));
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return ports;
}

}  // namespace

ContractsPort contracts_through(const rpc::Client& client) {
  return {.import_contracts =
              [&client](const Call& call, const ContractBatch& batch) {
                return command::call<BatchVerdicts>(client, "holdfast.contracts.v1.ContractService/ImportContracts",
                                                    call, batch);
              },
          .import_orders =
              [&client](const Call& call, const OrderBatch& batch) {
                return command::call<BatchVerdicts>(client, "holdfast.contracts.v1.OrderService/ImportOrders", call,
                                                    batch);
              },
          .list_ports = [&client](const Call& call) { return list_ports(client, call); }};
}

}  // namespace holdfast::accounts
