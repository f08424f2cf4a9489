#include "runtime/auth/keys.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "runtime/auth/base64url.h"

namespace holdfast::auth {
namespace {

constexpr size_t key_file_limit_bytes = 64 << 10;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio reading(std::string_view text) { return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free}; }

Result<Key> only_ed25519(EVP_PKEY* raw, const char* what) {
  Key key(raw, &EVP_PKEY_free);
  if (!key) return fail(Reason::setting_invalid, std::string("this is no ") + what + " in PEM");
  if (EVP_PKEY_get_id(raw) != EVP_PKEY_ED25519) {
    return fail(Reason::setting_invalid, std::string("this ") + what + " is not of the type Ed25519");
  }
  return key;
}

template <class Write>
std::string written(Write write) {
  Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!bio || write(bio.get()) != 1) std::abort();
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<size_t>(length)};
}

// A key file protected by a passphrase is refused: nobody is there to type it.
int no_passphrase(char*, int, int, void*) { return 0; }

}  // namespace

Result<Key> private_key_from_pem(std::string_view pem) {
  const Bio bio = reading(pem);
  return only_ed25519(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr), "private key");
}

Result<Key> public_key_from_pem(std::string_view pem) {
  const Bio bio = reading(pem);
  return only_ed25519(PEM_read_bio_PUBKEY(bio.get(), nullptr, &no_passphrase, nullptr), "public key");
}

Key new_private_key() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
  if (!key) std::abort();
  return key;
}

std::string private_pem(const Key& key) {
  return written(
      [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string public_pem(const Key& key) {
  return written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); });
}

std::string thumbprint(const Key& key) {
  std::array<unsigned char, 32> raw{};
  size_t length = raw.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &length) != 1) std::abort();
  const std::string x = to_base64url({reinterpret_cast<const char*>(raw.data()), length});
  const std::string jwk = R"({"crv":"Ed25519","kty":"OKP","x":")" + x + R"("})";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(jwk.data()), jwk.size(), hash.data());
  return to_base64url({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Result<std::string> read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(key_file_limit_bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.empty()) return fail(Reason::setting_invalid, "cannot read the key file " + path);
  return text;
}

}  // namespace holdfast::auth
