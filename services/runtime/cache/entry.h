#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "runtime/core/time.h"

namespace holdfast::cache {

// What a loader found: the value and the version of what it was made from. Of what is not there, no bytes; version 0,
// or the version of its removal if that is known.
struct Loaded {
  std::optional<std::string> bytes;
  std::int64_t version = 0;
};

// A value as the cache keeps it; never changed, shared by all that read it.
struct Entry {
  std::optional<std::string> bytes;  // nullopt: known not to be there
  std::int64_t version = 0;
  Instant loaded_at{};  // when its loader began

  Duration age(Instant now) const { return now - loaded_at; }
};

using EntryPointer = std::shared_ptr<const Entry>;

// Newer than every version: dropping it leaves nothing, for keys whose values carry no version that orders them.
inline constexpr std::int64_t every_version = std::numeric_limits<std::int64_t>::max();

// Longer keys and larger values are loaded each time and cached nowhere.
inline constexpr size_t longest_key_bytes = 512;
inline constexpr size_t largest_entry_bytes = 1 << 20;

}  // namespace holdfast::cache
