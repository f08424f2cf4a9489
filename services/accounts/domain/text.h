#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/result.h"

// When two texts say the same, and how long one may be. All take and give valid UTF-8.
namespace holdfast::accounts {

// Line breaks, tabs, no-break and other blanks become one blank each run; none at the ends; zero-width marks are gone.
std::string clean(std::string_view text);

// Names are equal when their folds are: without regard to case, straight or curly quotes and runs of blanks, and to
// nothing else. Acme Corp is not ACME Corporation.
std::string fold(std::string_view text);

// Circuit IDs and account numbers are equal without case, blanks and punctuation: 32HCGS123456SW.
std::string identifier_key(std::string_view text);

// Lower-case words and numbers without punctuation: what headings and status words are compared by.
std::vector<std::string> words(std::string_view text);

// What remains of a company's name without punctuation, "and", company form and remarks in brackets. Equal ones are
// worth a warning, never a merge. Empty when nothing remains.
std::string form_key(std::string_view name);

inline constexpr size_t max_name_bytes = 500;
inline constexpr size_t max_line_bytes = 500;
inline constexpr size_t max_notes_bytes = 10'000;

// A name as it is kept: cleaned, not empty, at most max_name_bytes.
Result<std::string> read_name(const char* field, std::string_view text);
// One line that may be empty: cleaned, at most max_line_bytes.
Result<std::string> read_line(const char* field, std::string_view text);
// Notes that may be empty, as an import keeps them too: cleaned, at most max_notes_bytes.
Result<std::string> read_notes(const char* field, std::string_view text);
// A circuit ID or account number as it is kept: a name with something in it that identifier_key keeps.
Result<std::string> read_identifier(const char* field, std::string_view text);

}  // namespace holdfast::accounts
