#include "contracts/events/own_contracts.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {
namespace {

using events::Event;
using events::Missing;
using events::OwnEvents;
using events::UnitOfWork;

template <class Fact>
void take_back(OwnEvents& own, const char* handler) {
  own.on<Fact>(handler,
               [](UnitOfWork& work, const Fact& fact, const Event& event, Missing missing) -> Result<OwnEvents::Place> {
                 const auto what = told(fact, event.occurred_at);
                 const bool taken = TRY(take_back_contract(work, what, missing == Missing::is_lost));
                 return OwnEvents::Place{what.contract.id.uuid, what.contract.version, taken};
               });
}

}  // namespace

void take_back_contracts(OwnEvents& own) {
  take_back<ContractCreated>(own, "contracts.take_back.ContractCreated");
  take_back<ContractActivated>(own, "contracts.take_back.ContractActivated");
  take_back<ContractAmended>(own, "contracts.take_back.ContractAmended");
  take_back<ContractTerminated>(own, "contracts.take_back.ContractTerminated");
  take_back<ContractExpiring>(own, "contracts.take_back.ContractExpiring");
  take_back<NoticeDeadlineMissed>(own, "contracts.take_back.NoticeDeadlineMissed");
  take_back<ContractRolled>(own, "contracts.take_back.ContractRolled");
  take_back<ContractAutoRenewed>(own, "contracts.take_back.ContractAutoRenewed");
  take_back<ContractExpired>(own, "contracts.take_back.ContractExpired");
  take_back<NoticeSent>(own, "contracts.take_back.NoticeSent");
  take_back<NoticeAcknowledged>(own, "contracts.take_back.NoticeAcknowledged");
  own.on_all<Order>("holdfast.contracts.v1.Order", "order", "contracts.take_back.",
                    [](UnitOfWork& work, const Order& order, const Event&) -> Result<bool> {
                      CHECK_OK(take_back_order(work, order));
                      return true;
                    });
}

}  // namespace holdfast::contracts
