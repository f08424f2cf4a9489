#pragma once

#include <string>
#include <string_view>

#include "runtime/auth/token.h"

// Ed25519 keys as PEM texts and files.
namespace holdfast::auth {

Result<Key> private_key_from_pem(std::string_view pem);
Result<Key> public_key_from_pem(std::string_view pem);
Key new_private_key();
std::string private_pem(const Key& key);
std::string public_pem(const Key& key);

// RFC 7638: the SHA-256 of the public key's canonical JWK, base64url.
std::string thumbprint(const Key& key);

// At most 64 KiB of text.
Result<std::string> read_key_file(const std::string& path);

}  // namespace holdfast::auth
