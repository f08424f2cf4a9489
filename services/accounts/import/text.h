#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/domain/text.h"

namespace holdfast::accounts::import_book {

// Beyond what decides when two texts say the same. All take and give valid UTF-8.

std::string join(const std::vector<std::string>& parts, std::string_view separator);

// At most `bytes` of the text, never cutting a character.
std::string_view clipped(std::string_view text, std::size_t bytes);

}  // namespace holdfast::accounts::import_book
