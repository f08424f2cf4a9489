#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::auth {

// RFC 4648 section 5, without padding.
std::string to_base64url(std::string_view bytes);

// Strict: exactly one text decodes to given bytes, so that no two tokens differ and mean the same. Nothing else does.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace holdfast::auth
