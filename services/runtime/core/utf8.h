#pragma once

#include <cstddef>
#include <string_view>

namespace holdfast {

// Well-formed UTF-8 (Unicode 15, table 3-7): no shorter form than there is, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

// As much of the text's beginning as `most_bytes` hold without parting a character in two. For well-formed UTF-8.
std::string_view whole_characters(std::string_view text, size_t most_bytes);

}  // namespace holdfast
