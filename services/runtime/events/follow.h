#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/events/consumer.h"

// Copies of what another service owns. Its events carry a resource whole, in a field; of each event that is all that
// the copy needs, so its name and the field's stand in for a struct of one's own.
namespace holdfast::events {

// A literal as a template argument.
template <size_t Size>
struct Name {
  consteval Name(const char (&name)[Size]) { std::ranges::copy(name, text); }

  char text[Size];
};

// The event `message`, as far as somebody wants to know it who only wants what its field `place` holds.
template <Name message, Name place, class Resource>
struct Carrying {
  Resource resource;
};

// Before the consumer starts: keep(work, resource) for each event `message`. `handler` is its inbox key.
template <Name message, Name place, class Resource>
void follow(Consumer& consumer, std::string handler, Result<> (*keep)(UnitOfWork& work, const Resource& resource)) {
  using Fact = Carrying<message, place, Resource>;
  consumer.on<Fact>(std::move(handler),
                    [keep](UnitOfWork& work, const Fact& fact) { return keep(work, fact.resource); });
}

// An event that carries a resource whole.
struct Carrier {
  std::string name;  // "TicketOpened"
  std::string type;
  std::string message;  // its full name
};

// Every event linked into this process whose field `place` is the message `resource` ("holdfast.tickets.v1.Ticket").
// That there is none is our bug, and ends the process.
std::vector<Carrier> carriers_of(std::string_view resource, const char* place);

// What such an event carries there.
template <class Resource>
Result<Resource> carried_by(const std::string& message, const char* place, const Event& event) {
  Resource carried;
  CHECK_OK(detail::decode_as(message, event, [&](const auto& decoded) -> Result<> {
    const wire::Source source(decoded, "", Reason::newer_than_program);
    carried = TRY(wire::detail::read_one<Resource>(source, place, -1));
    return {};
  }));
  return carried;
}

// Before the consumer starts: keep(work, resource, event) for each of them, those included that are declared tomorrow,
// for a copy that wants no more of an event than how the resource is now. The inbox keys are `handlers` and the name.
template <class Resource, class Keep>
void follow_all(Consumer& consumer, std::string_view resource, const char* place, const std::string& handlers,
                Keep keep) {
  wire::check<Resource>(resource);
  for (auto& carrier : carriers_of(resource, place)) {
    consumer.on(handlers + carrier.name, carrier.type,
                [keep, place, message = carrier.message](UnitOfWork& work, const Event& event) -> Result<> {
                  const auto carried = TRY(carried_by<Resource>(message, place, event));
                  return keep(work, carried, event);
                });
  }
}

}  // namespace holdfast::events

template <holdfast::events::Name name, holdfast::events::Name place, class Resource>
struct holdfast::Fields<holdfast::events::Carrying<name, place, Resource>> {
  static constexpr std::string_view message = name.text;
  static constexpr auto list = FieldList{Field{place.text, &events::Carrying<name, place, Resource>::resource}};
};
