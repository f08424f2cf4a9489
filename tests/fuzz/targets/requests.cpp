// Requests as they come over gRPC, read into our structs: the first byte says which, the rest is the message.
#include <google/protobuf/message.h>

#include "contracts/domain/amendment.h"
#include "contracts/domain/contract.h"
#include "contracts/domain/imported_contract.h"
#include "notifications/domain/subscription.h"
#include "runtime/wire/wire.h"
#include "tests/fuzz/fuzz.h"
#include "tickets/domain/ticket.h"
#include "tickets/domain/ticket_lists.h"

namespace {

using namespace holdfast;
using fuzz::require;

// Read, written and read again it is the same; what it was refused for names a field.
template <class Command>
void check_request(const char* name, std::string_view bytes) {
  const std::unique_ptr<google::protobuf::Message> message(wire::prototype(name).New());
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const auto command = wire::read<Command>(*message);
  if (!command) {
    require(!command.error().fields.empty(), "a refused request names a field", command.error().message);
    return;
  }
  const std::unique_ptr<google::protobuf::Message> written(message->New());
  wire::write(*command, *written);
  const auto again = wire::read<Command>(*written);
  require(again.has_value(), "what was read and written can be read", again ? "" : describe(again.error()));
  const std::unique_ptr<google::protobuf::Message> twice(message->New());
  wire::write(*again, *twice);
  require(twice->SerializeAsString() == written->SerializeAsString(), "and is the same", written->DebugString());
}

struct Target {
  const char* message;
  void (*check)(const char*, std::string_view);
};

constexpr Target targets[] = {
    {"holdfast.contracts.v1.CreateContractRequest", check_request<contracts::CreateContract>},
    {"holdfast.contracts.v1.Contract", check_request<contracts::Contract>},
    {"holdfast.contracts.v1.AmendContractRequest", check_request<contracts::AmendContract>},
    {"holdfast.contracts.v1.ImportContractsRequest", check_request<contracts::ImportContracts>},
    {"holdfast.tickets.v1.Ticket", check_request<tickets::Ticket>},
    {"holdfast.tickets.v1.OpenTicketRequest", check_request<tickets::OpenTicket>},
    {"holdfast.tickets.v1.ListTicketsRequest", check_request<tickets::ListTickets>},
    {"holdfast.notifications.v1.CreateSubscriptionRequest", check_request<notifications::CreateSubscription>},
    {"holdfast.notifications.v1.ChangeSubscriptionRequest", check_request<notifications::ChangeSubscription>},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto& target = targets[data[0] % std::size(targets)];
  target.check(target.message, fuzz::text_of(data + 1, size - 1));
  return 0;
}
