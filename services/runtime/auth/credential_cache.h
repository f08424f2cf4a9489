#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/time.h"

namespace holdfast::auth {

using Who = std::shared_ptr<const Principal>;

// Credentials that were judged lately, and the judgement. Bounded: a full set forgets what would have ended first.
// A set has its own lock, held for one comparison. Any thread.
class CredentialCache {
 public:
  static constexpr size_t ways = 8;

  // Keeps up to `sets` times `ways` judgements.
  explicit CredentialCache(size_t sets) : sets_(sets) {}

  std::optional<Result<Who>> find(std::string_view credential, Instant now) const;
  void keep(std::string_view credential, const Result<Who>& judgement, Instant until);

 private:
  struct Entry {
    size_t hash = 0;
    Instant until;  // long ago in an entry that was never used
    std::string credential;
    Result<Who> judgement{Who{}};
  };
  // Its own cache lines, so that two hot tokens on two cores do not share one.
  struct alignas(64) Set {
    mutable std::mutex mutex;
    std::array<Entry, ways> entries;
  };

  std::vector<Set> sets_;
};

}  // namespace holdfast::auth
