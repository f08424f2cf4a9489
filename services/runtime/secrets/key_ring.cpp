#include "runtime/secrets/key_ring.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "runtime/core/limits.h"

namespace holdfast::secrets {
namespace {

constexpr size_t nonce_bytes = 12;
constexpr size_t tag_bytes = 16;
constexpr size_t key_file_limit_bytes = 64 << 10;
constexpr size_t key_id_limit_bytes = 64;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// What is authenticated along with the secret. Ids have a fixed length, so no two places read the same.
std::string described(const Place& place) {
  return "holdfast.secret.v1/" + to_string(place.agency) + "/" + to_string(place.subject) + "/" +
         std::string(place.field);
}

Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

// Encrypting a few bytes in memory can only fail for want of memory: nothing sensible could follow.
void must(int outcome) {
  if (outcome != 1) std::abort();
}

bool is_key_id(std::string_view text) {
  return !text.empty() && text.size() <= key_id_limit_bytes && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

// 32 bytes are 44 characters, the last of them padding.
bool decode_key(const std::string& text, std::array<std::uint8_t, 32>& key) {
  std::array<unsigned char, 33> decoded{};
  if (text.size() != 44 || text[43] != '=' || text[42] == '=') return false;
  if (EVP_DecodeBlock(decoded.data(), bytes(std::string_view(text)), 44) != 33) return false;
  std::copy_n(decoded.begin(), key.size(), key.begin());
  return true;
}

}  // namespace

Result<KeyRing> KeyRing::from_text(std::string_view text) {
  KeyRing ring;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    std::string id, encoded, rest;
    if (!(words >> id)) continue;
    Key key{.id = id, .bytes = {}};
    if (!is_key_id(id) || !(words >> encoded) || !decode_key(encoded, key.bytes) || (words >> rest)) {
      // The line itself is a secret: it is not repeated.
      return fail(Reason::setting_invalid,
                  "line " + std::to_string(number) + " of the key file is no id and 256-bit key");
    }
    if (std::ranges::find(ring.keys_, id, &Key::id) != ring.keys_.end()) {
      return fail(Reason::setting_invalid, "the key file has two keys " + id);
    }
    ring.keys_.push_back(std::move(key));
  }
  if (ring.keys_.empty()) return fail(Reason::setting_invalid, "the key file holds no key");
  return ring;
}

Result<KeyRing> KeyRing::from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Reason::setting_invalid, "cannot read the key file " + path);
  std::string text(key_file_limit_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > key_file_limit_bytes)
    return fail(Reason::setting_invalid, "the key file has more than " + bytes_text(key_file_limit_bytes));
  return from_text(text);
}

Sealed KeyRing::seal(std::string_view secret, const Place& place) const {
  const auto& key = keys_.front();
  const auto context = described(place);
  std::string sealed(nonce_bytes + secret.size() + tag_bytes, '\0');
  // Nonces are random: 2^32 secrets a key keep the chance of a repeat below 2^-32.
  must(RAND_bytes(bytes(sealed), nonce_bytes));
  const auto cipher = new_cipher();
  int length = 0;
  must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(), bytes(sealed)));
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(context), static_cast<int>(context.size())));
  auto* out = bytes(sealed) + nonce_bytes;
  must(EVP_EncryptUpdate(cipher.get(), out, &length, bytes(secret), static_cast<int>(secret.size())));
  out += length;
  must(EVP_EncryptFinal_ex(cipher.get(), out, &length));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, out));
  return {key.id, std::move(sealed)};
}

Result<std::string> KeyRing::open(const Sealed& sealed, const Place& place) const {
  const auto key = std::ranges::find(keys_, sealed.key_id, &Key::id);
  if (key == keys_.end()) {
    return fail(Reason::secret_unreadable, "the key file has no key " + sealed.key_id + ", with which this is sealed");
  }
  const auto refused =
      fail(Reason::secret_unreadable, "was not sealed by the key " + sealed.key_id + " for this place");
  if (sealed.bytes.size() < nonce_bytes + tag_bytes) return refused;
  const auto context = described(place);
  const size_t size = sealed.bytes.size() - nonce_bytes - tag_bytes;
  std::string secret(size, '\0');
  std::string tag = sealed.bytes.substr(nonce_bytes + size);
  const auto* in = bytes(std::string_view(sealed.bytes));
  const auto cipher = new_cipher();
  int length = 0;
  must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key->bytes.data(), in));
  must(EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(context), static_cast<int>(context.size())));
  must(EVP_DecryptUpdate(cipher.get(), bytes(secret), &length, in + nonce_bytes, static_cast<int>(size)));
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()));
  if (EVP_DecryptFinal_ex(cipher.get(), bytes(secret) + length, &length) != 1) return refused;
  return secret;
}

}  // namespace holdfast::secrets
