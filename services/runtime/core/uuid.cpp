#include "runtime/core/uuid.h"

#include <openssl/evp.h>

#include <cstring>
#include <random>
#include <stdexcept>

namespace holdfast {
namespace {

std::mt19937_64& generator() {
  thread_local std::mt19937_64 engine = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return engine;
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

// Every byte's two digits: each call is given an id, so this is written often.
constexpr auto hex_pairs = [] {
  constexpr char digits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {digits[byte >> 4], digits[byte & 0x0f]};
  return pairs;
}();

bool is_dash_position(size_t position) { return position == 8 || position == 13 || position == 18 || position == 23; }

void set_version(Uuid& uuid, std::uint8_t version) {
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | (version << 4));
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
}

}  // namespace

Result<Uuid> parse_uuid(std::string_view text) {
  const auto refuse = [&] {
    return fail(Reason::id_invalid, "'" + std::string(text.substr(0, 64)) + "' is not a UUID");
  };
  if (text.size() != 36) return refuse();
  Uuid uuid;
  size_t nibble = 0;
  for (size_t position = 0; position < text.size(); ++position) {
    if (is_dash_position(position)) {
      if (text[position] != '-') return refuse();
      continue;
    }
    const int digit = hex_digit(text[position]);
    if (digit < 0) return refuse();
    uuid.bytes[nibble / 2] = static_cast<std::uint8_t>(uuid.bytes[nibble / 2] << 4 | digit);
    ++nibble;
  }
  return uuid;
}

std::string to_string(const Uuid& uuid) {
  std::string text(36, '-');
  char* next = text.data();
  for (size_t index = 0; index < uuid.bytes.size(); ++index) {
    if (index == 4 || index == 6 || index == 8 || index == 10) ++next;
    std::memcpy(next, hex_pairs[uuid.bytes[index]].data(), 2);
    next += 2;
  }
  return text;
}

Uuid new_uuid(Instant now) {
  Uuid uuid;
  const std::uint64_t high = generator()();
  const std::uint64_t low = generator()();
  const auto milliseconds =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (size_t index = 0; index < 6; ++index) {
    uuid.bytes[index] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * index));
  }
  std::memcpy(&uuid.bytes[6], &high, 2);
  std::memcpy(&uuid.bytes[8], &low, 8);
  set_version(uuid, 7);
  return uuid;
}

Uuid new_uuid() {
  return new_uuid(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()));
}

Uuid named_uuid(const Uuid& space, std::string_view name) {
  std::string input(reinterpret_cast<const char*>(space.bytes.data()), space.bytes.size());
  input += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  Uuid uuid;
  std::copy_n(digest.begin(), uuid.bytes.size(), uuid.bytes.begin());
  set_version(uuid, 8);
  return uuid;
}

}  // namespace holdfast
