#pragma once

#include <optional>
#include <string_view>

#include "accounts/import/book.h"
#include "accounts/import/vocabulary.h"

namespace holdfast::accounts::import_book {

// Months of "36", "36 mos", "3 yr" or "3-year"; nothing when it is no length. 1 to 600.
std::optional<int> read_months(std::string_view text);

// "30", "30 day written", "2 mos", "4 weeks", "10 bus days"; nothing when it is no period. At most 999.
std::optional<NoticePeriod> read_notice(std::string_view text);

struct ActionReading {
  EndAction action = EndAction::roll;
  std::optional<int> months;  // "Yes - 24 mo" says 24
};

std::optional<ActionReading> read_action(std::string_view text, const Vocabulary& vocabulary);

}  // namespace holdfast::accounts::import_book
