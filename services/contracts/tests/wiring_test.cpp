#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>

#include "contracts/app/contracts.h"
#include "contracts/domain/events.h"
#include "contracts/domain/order.h"
#include "contracts/migrations.h"
#include "contracts/rpc/contracts.h"
#include "contracts/store/all_statements.h"
#include "runtime/migrations.h"
#include "runtime/testing/facts.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/statements.h"

namespace holdfast::contracts {
namespace {

using google::protobuf::DescriptorPool;
using ::testing::IsEmpty;

const google::protobuf::ServiceDescriptor& described(const char* name) {
  return *DescriptorPool::generated_pool()->FindServiceByName(name);
}

// Serving a method whose messages are not our structs ends the process.
TEST(Wiring, EveryVerbFitsItsMethod) {
  sql::Database database{{.url = "host=/nowhere"}};
  events::Outbox outbox;
  testing::FakeClock clock{Instant{}};
  events::Transactor transactor{database, outbox, clock};
  rpc::Service contracts(described("holdfast.contracts.v1.ContractService"));
  rpc::Service orders(described("holdfast.contracts.v1.OrderService"));
  command::Commands contract_commands(contracts, transactor);
  command::Commands order_commands(orders, transactor);
  const auto accounts = accounts_owner(*rpc::Client::open({.target = "127.0.0.1:1"}, nullptr), transactor);
  serve_contracts(contract_commands, accounts);
  serve_orders(order_commands);
}

TEST(Wiring, EveryEventHasAFactThatFits) {
  const auto others =
      testing::events_besides<ContractCreated, ContractActivated, ContractAmended, ContractTerminated, ContractExpiring,
                              NoticeDeadlineMissed, ContractRolled, ContractAutoRenewed, ContractExpired, NoticeSent,
                              NoticeAcknowledged, OrderStateChanged>("holdfast.contracts.v1");
  EXPECT_THAT(others, IsEmpty());
}

TEST(Wiring, EveryStatementFitsTheSchema) {
  constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                  sql::Migrations{"contracts", migrations}};
  EXPECT_THAT(testing::not_understood(components, statements::all), IsEmpty());
}

}  // namespace
}  // namespace holdfast::contracts
