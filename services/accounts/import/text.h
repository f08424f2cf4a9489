#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::accounts::import_book {

// The forms of a text that decide when two cells say the same. All take and give valid UTF-8.

// Line breaks, tabs, no-break and other blanks become one blank each run; none at the ends; zero-width marks are gone.
std::string clean(std::string_view text);

// Names are equal when their folds are: without regard to case, straight or curly quotes and runs of blanks, and to
// nothing else. Acme Corp is not ACME Corporation.
std::string fold(std::string_view text);

// Circuit IDs and account numbers are equal without case, blanks and punctuation: 32HCGS123456SW.
std::string identifier_key(std::string_view text);

// What remains of a company's name without punctuation, "and", company form and remarks in brackets. Equal ones are
// worth a warning, never a merge.
std::string form_key(std::string_view name);

// Lower-case words and numbers without punctuation: what headings and status words are compared by.
std::vector<std::string> words(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// At most `bytes` of the text, never cutting a character.
std::string_view clipped(std::string_view text, std::size_t bytes);

}  // namespace holdfast::accounts::import_book
