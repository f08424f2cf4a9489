// Rules about time over whatever plan or calendar a request brings. The first byte says which: a contract that is
// created and whose clock runs on for three years, or the preview of a ticket's promise.
#include <google/protobuf/message.h>

#include "contracts/domain/contract.h"
#include "runtime/wire/wire.h"
#include "tests/fuzz/fuzz.h"
#include "tickets/domain/sla_preview.h"

namespace {

using namespace holdfast;
using fuzz::require;

const Instant now = *parse_instant("2026-01-05T09:00:00Z");

// Nothing when the bytes are no such message.
template <class Command>
std::optional<Command> read(const char* name, std::string_view bytes) {
  const std::unique_ptr<google::protobuf::Message> message(wire::prototype(name).New());
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  auto command = wire::read<Command>(*message);
  return command ? std::optional(*std::move(command)) : std::nullopt;
}

void check_contract(std::string_view bytes) {
  using namespace contracts;
  const auto command = read<CreateContract>("holdfast.contracts.v1.CreateContractRequest", bytes);
  if (!command) return;
  const auto created = create(*command, Standing{.account_status = AccountStatus::active, .early_lead = true}, now);
  if (!created) return;
  const auto& contract = created->contract;
  require(!created->next_due || *created->next_due > now, "what is due next is not due yet");
  const auto until = now + std::chrono::days(3 * 365);
  const auto at_once = advance(contract, until);
  require(!at_once.next_due || *at_once.next_due > until, "what fell due was advanced over");
  // Catching up gives the same as no outage.
  const auto half = advance(contract, now + (until - now) / 2);
  const auto rest = advance(half.contract, until);
  require(half.steps.size() + rest.steps.size() == at_once.steps.size(), "two advances take the steps of one");
  require(rest.contract == at_once.contract, "and end where it ends");
  require(rest.next_due == at_once.next_due, "with the same due next");
}

void check_promise(std::string_view bytes) {
  using namespace tickets;
  const auto query = read<PreviewSla>("holdfast.tickets.v1.PreviewSlaRequest", bytes);
  if (!query) return;
  const auto said = preview(*query);
  if (!said) return;
  require(!said->due || *said->due >= query->start, "nothing is due before it began");
  require(!said->warn || !said->due || *said->warn <= *said->due, "a warning comes before");
  require(said->elapsed.size() == query->at.size(), "as many answers as were asked for");
  for (const auto& elapsed : said->elapsed) {
    const auto real = std::chrono::duration_cast<std::chrono::seconds>(elapsed.at - query->start).count();
    require(elapsed.seconds >= 0 && elapsed.seconds <= std::max<std::int64_t>(real, 0), "no more than real time");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto bytes = fuzz::text_of(data + 1, size - 1);
  data[0] % 2 == 0 ? check_contract(bytes) : check_promise(bytes);
  return 0;
}
