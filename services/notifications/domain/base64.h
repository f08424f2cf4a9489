#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::notifications {

// RFC 4648 section 4: the standard alphabet, with padding.
std::string to_base64(std::string_view bytes);
// Strict: no white space, no missing padding, no stray bits; one text for one sequence of bytes. At most 4 KiB of text.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace holdfast::notifications
