#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "contracts/app/contracts.h"
#include "contracts/domain/events.h"
#include "contracts/rpc/contracts.h"
#include "runtime/testing/fake_clock.h"

namespace holdfast::contracts {
namespace {

using google::protobuf::DescriptorPool;

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

template <class Fact>
void check_event() {
  const auto& message = wire::prototype(Fields<Fact>::message);
  wire::check<Fact>(*message.GetDescriptor());
  EXPECT_TRUE(events::type_of(message).starts_with("holdfast.")) << Fields<Fact>::message;
}

TEST(Wiring, EveryEventIsOurFact) {
  check_event<ContractCreated>();
  check_event<ContractActivated>();
  check_event<ContractAmended>();
  check_event<ContractTerminated>();
  check_event<ContractExpiring>();
  check_event<NoticeDeadlineMissed>();
  check_event<ContractRolled>();
  check_event<ContractAutoRenewed>();
  check_event<ContractExpired>();
  check_event<NoticeSent>();
  check_event<NoticeAcknowledged>();
  check_event<OrderStateChanged>();
}

}  // namespace
}  // namespace holdfast::contracts
