#pragma once

#include <string_view>

namespace holdfast {

// Well-formed UTF-8 (Unicode 15, table 3-7): no shorter form than there is, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace holdfast
