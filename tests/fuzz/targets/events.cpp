// Events as they come from Kafka: headers, key and payload between record separators, read as a CloudEvent, printed as
// the JSON that webhooks carry, and decoded as a reaction does.
#include "contracts/domain/events.h"

#include <nlohmann/json.hpp>

#include "runtime/events/cloud_event.h"
#include "runtime/events/received.h"
#include "tests/fuzz/fuzz.h"
#include "tickets/domain/ticket_life.h"

namespace {

using namespace holdfast;
using fuzz::require;

constexpr std::array names = {"ce_id",   "ce_agency",    "ce_sequence",   "ce_time",
                              "ce_type", "ce_requestid", "ce_traceparent"};

void check_json(const events::Event& event) {
  const auto text = events::cloud_event_json(event);
  if (!text) return;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  require(!json.is_discarded(), "a CloudEvent is JSON", *text);
  require(json.at("id") == to_string(event.id), "and says its id", *text);
  require(json.at("type") == event.type, "and its type", *text);
  require(json.at("data").is_object(), "and its data", *text);
}

// A reaction decodes what it was registered for; of another's bytes too comes an error or a fact that can be told
// again.
template <class Fact>
void check_fact(const events::Event& event) {
  const auto fact = events::decode<Fact>(event);
  if (!fact) return;
  const auto again = events::decode<Fact>(events::encode(*fact, event.agency, event.occurred_at));
  require(again.has_value(), "a fact that was told can be decoded", again ? "" : describe(again.error()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto parts = fuzz::parts_of(fuzz::text_of(data, size), names.size() + 2);
  const auto header = [&](const char* name) -> std::string_view {
    for (size_t index = 0; index < names.size(); ++index) {
      if (std::string_view(names[index]) == name) return parts[index];
    }
    return {};
  };
  const auto event = events::read_event(header, "holdfast.tickets", parts[names.size()], parts[names.size() + 1]);
  if (!event) return 0;
  check_json(*event);
  check_fact<contracts::ContractCreated>(*event);
  check_fact<contracts::ContractExpiring>(*event);
  check_fact<tickets::TicketOpened>(*event);
  check_fact<tickets::TicketStatusChanged>(*event);
  (void)events::account_of(*event);
  return 0;
}
