#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace holdfast::accounts::v1 {
class LookUpResponse;
class OutageCard;
}  // namespace holdfast::accounts::v1

// A lookup's answer as somebody reads it who is about to call the carrier.
namespace holdfast::command_line {

// "+16175550149;ext=12" -> "(617) 555-0149 x12"; numbers of other countries stay as they are.
std::string readable_phone(std::string_view phone);

// The card, the circuits that were asked for marked.
void print_card(std::ostream& out, const accounts::v1::LookUpResponse& answer, bool colors);
// Several customers match: which of them?
void print_matches(std::ostream& out, const accounts::v1::LookUpResponse& answer, bool colors);
// What was looked for in vain, and what to do next.
void print_attempts(std::ostream& out, const accounts::v1::LookUpResponse& answer);

}  // namespace holdfast::command_line
