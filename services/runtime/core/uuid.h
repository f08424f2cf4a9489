#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast {

// A UUID of any version as its 16 bytes in network order; ours are v7 (RFC 9562).
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }
};

// The usual 36 characters, upper or lower case; nothing else is accepted.
Result<Uuid> parse_uuid(std::string_view text);
std::string to_string(const Uuid& uuid);

// A v7 UUID: ordered by `now` to the millisecond, random below it. Any thread.
Uuid new_uuid(Instant now);
// As above with the system's own clock: for ids that no rule ever looks at.
Uuid new_uuid();
// A v8 UUID that is the same for the same namespace and name: ids of imported things, effects that must not double.
Uuid named_uuid(const Uuid& space, std::string_view name);

// An id that cannot be mistaken for another kind of id.
template <class Tag>
struct Id {
  Uuid uuid;

  auto operator<=>(const Id&) const = default;
  bool is_nil() const { return uuid.is_nil(); }
};

template <class Tag>
std::string to_string(const Id<Tag>& id) {
  return to_string(id.uuid);
}

template <class AnyId>
AnyId new_id(Instant now) {
  return AnyId{new_uuid(now)};
}

// The one id that every room knows: the tenant.
using AgencyId = Id<struct AgencyTag>;

}  // namespace holdfast

template <>
struct std::hash<holdfast::Uuid> {
  size_t operator()(const holdfast::Uuid& uuid) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()});
  }
};

template <class Tag>
struct std::hash<holdfast::Id<Tag>> {
  size_t operator()(const holdfast::Id<Tag>& id) const noexcept { return std::hash<holdfast::Uuid>{}(id.uuid); }
};
