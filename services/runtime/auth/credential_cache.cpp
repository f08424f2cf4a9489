#include "runtime/auth/credential_cache.h"

#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace holdfast::auth {
namespace {

// What tells credentials apart stands at their end: a token's signature, a key's secret.
constexpr size_t hashed_bytes = 32;

// Seeded by the process's address layout: nobody outside can aim at one set.
size_t hash_of(std::string_view credential) {
  const std::string_view end = credential.substr(credential.size() - std::min(credential.size(), hashed_bytes));
  return absl::Hash<absl::string_view>{}(absl::string_view(end.data(), end.size()));
}

std::uint64_t word_at(std::string_view text, size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, sizeof(word));
  return word;
}

// The whole credential is compared, never its hash alone: two that collide would be taken for each other. Takes the
// same time wherever they differ, as CRYPTO_memcmp does, but by words: that one takes 0.4 µs for a token.
bool same(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  std::uint64_t difference = 0;
  const auto compare = [&](size_t at) { difference |= word_at(left, at) ^ word_at(right, at); };
  size_t at = 0;
  for (; at + 32 <= left.size(); at += 32) {
    compare(at);
    compare(at + 8);
    compare(at + 16);
    compare(at + 24);
  }
  for (; at + 8 <= left.size(); at += 8) compare(at);
  for (; at < left.size(); ++at) difference |= static_cast<unsigned char>(left[at] ^ right[at]);
  return difference == 0;
}

}  // namespace

std::optional<Result<Who>> CredentialCache::find(std::string_view credential, Instant now) const {
  const size_t hash = hash_of(credential);
  const Set& set = sets_[hash % sets_.size()];
  const std::lock_guard lock(set.mutex);
  for (const Entry& entry : set.entries) {
    if (entry.hash == hash && entry.until > now && same(entry.credential, credential)) return entry.judgement;
  }
  return std::nullopt;
}

void CredentialCache::keep(std::string_view credential, const Result<Who>& judgement, Instant until) {
  const size_t hash = hash_of(credential);
  Set& set = sets_[hash % sets_.size()];
  const std::lock_guard lock(set.mutex);
  Entry* place = std::ranges::find_if(
      set.entries, [&](const Entry& entry) { return entry.hash == hash && same(entry.credential, credential); });
  if (place == set.entries.end()) place = std::ranges::min_element(set.entries, {}, &Entry::until);
  *place = Entry{hash, until, std::string(credential), judgement};
}

}  // namespace holdfast::auth
