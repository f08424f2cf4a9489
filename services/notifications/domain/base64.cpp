#include "notifications/domain/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace holdfast::notifications {
namespace {

constexpr size_t max_text_bytes = 4096;

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  // OpenSSL also writes a closing zero, for which a std::string has room.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > max_text_bytes) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) < 0) {
    return std::nullopt;
  }
  bytes.resize(bytes.size() - static_cast<size_t>(std::ranges::count(text.substr(text.size() - 2), '=')));
  // EVP_DecodeBlock forgives white space and stray bits: so encode again and compare.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace holdfast::notifications
