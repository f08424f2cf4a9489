#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

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

}  // namespace holdfast::events

template <holdfast::events::Name name, holdfast::events::Name place, class Resource>
struct holdfast::Fields<holdfast::events::Carrying<name, place, Resource>> {
  static constexpr std::string_view message = name.text;
  static constexpr auto list = FieldList{Field{place.text, &events::Carrying<name, place, Resource>::resource}};
};
