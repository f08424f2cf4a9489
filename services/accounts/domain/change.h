#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/core/etag.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"

// What every change of a resource has in common. A change gives the fields that it sets and names those that it
// empties; what is left out stays as it is.
namespace holdfast::accounts {

template <class Member, class Given>
void set(Member& member, const std::optional<Given>& given) {
  if (given) member = *given;
}

// Empties the fields that `names` names, which must be among `clearable`: Fields of T.
template <class T, class... Member>
Result<> clear_fields(T& value, const std::vector<std::string>& names, const Field<T, Member>&... clearable) {
  for (size_t index = 0; index < names.size(); ++index) {
    const auto clear_if_named = [&](const auto& field) {
      if (names[index] != field.name) return false;
      value.*(field.member) = {};
      return true;
    };
    if ((clear_if_named(clearable) || ...)) continue;
    std::string message = "is not one of";
    ((message += ' ', message += clearable.name), ...);
    return fail(Reason::field_invalid, "clear[" + std::to_string(index) + "]", message);
  }
  return {};
}

// The changed resource as its next version, or as it was when nothing of it is different.
template <class Resource>
Resource next_version(const Resource& before, Resource changed) {
  if (changed != before) changed.version = before.version + 1;
  return changed;
}

}  // namespace holdfast::accounts
