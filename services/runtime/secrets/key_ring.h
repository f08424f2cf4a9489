#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/uuid.h"

namespace holdfast::secrets {

// Where a secret lies. It opens there and nowhere else: a row copied to another agency, subject or field stays shut.
struct Place {
  AgencyId agency;
  Uuid subject;
  std::string_view field;
};

// A secret as it is kept: AES-256-GCM.
struct Sealed {
  std::string key_id;
  std::string bytes;  // nonce (12), ciphertext, tag (16)
};

// The keys that secrets at rest are encrypted with. Any thread: it does not change.
class KeyRing {
 public:
  // A line a key, the newest first: its id (at most 64 letters, digits, - and _), a blank, 256 bits in base64. New
  // secrets take the newest; keep the older ones for as long as something is sealed with them.
  static Result<KeyRing> from_text(std::string_view text);
  // At most 64 KiB. Read once: a new key takes a restart.
  static Result<KeyRing> from_file(const std::string& path);

  Sealed seal(std::string_view secret, const Place& place) const;
  // SECRET_UNREADABLE: the key is not here any more, or the bytes were not sealed for this place.
  Result<std::string> open(const Sealed& sealed, const Place& place) const;

  const std::string& newest_key_id() const { return keys_.front().id; }

 private:
  struct Key {
    std::string id;
    std::array<std::uint8_t, 32> bytes;
  };

  std::vector<Key> keys_;  // never empty
};

}  // namespace holdfast::secrets
