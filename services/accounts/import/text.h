#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accounts/domain/text.h"

namespace holdfast::accounts::import_book {

// The forms of a text that decide when two cells say the same, beyond those of names and identifiers. All take and give
// valid UTF-8.

// What remains of a company's name without punctuation, "and", company form and remarks in brackets. Equal ones are
// worth a warning, never a merge.
std::string form_key(std::string_view name);

// Lower-case words and numbers without punctuation: what headings and status words are compared by.
std::vector<std::string> words(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// At most `bytes` of the text, never cutting a character.
std::string_view clipped(std::string_view text, std::size_t bytes);

}  // namespace holdfast::accounts::import_book
