#include "accounts/domain/lookup.h"

#include <algorithm>

#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts {
namespace {

constexpr size_t national_digits = 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }
bool has_digit(std::string_view text) { return std::ranges::any_of(text, is_digit); }

// No area code begins with 0 or 1.
bool is_national(std::string_view text) { return text.size() == national_digits && all_digits(text) && text[0] >= '2'; }

// Numbers of other countries and those with an extension take libphonenumber; circuit IDs have other letters.
bool is_odd_phone(std::string_view text) {
  const auto belongs = [](char c) {
    return is_digit(c) || std::string_view("+-. ()/xXeEtT").find(c) != std::string::npos;
  };
  return std::ranges::count_if(text, is_digit) >= static_cast<std::ptrdiff_t>(national_digits) &&
         std::ranges::all_of(text, belongs) && text.find_first_of("+xX") != std::string::npos;
}

std::string exact_key_of_query(const std::string& query) {
  if (is_odd_phone(query)) {
    if (const auto phone = parse_phone(query)) return exact_key(phone->e164);
  }
  return exact_key(query);
}

size_t characters(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string part(std::string text) { return characters(text) < min_part_characters ? std::string() : std::move(text); }

bool is_empty(const LookupPlan& plan) {
  return plan.identifier.empty() && plan.name.empty() && plan.circuit_part.empty() && plan.name_part.empty() &&
         plan.address_part.empty();
}

}  // namespace

std::string exact_key(std::string_view text) {
  auto key = identifier_key(text);
  return is_national(key) ? "1" + key : key;
}

KeyForms forms_of(const std::string& key) {
  KeyForms forms{{key}, {}};
  if (all_digits(key)) forms.phone = "+" + key;
  if (key.size() == national_digits + 1 && key[0] == '1' && is_national(std::string_view(key).substr(1))) {
    forms.identifiers.push_back(key.substr(1));
  }
  return forms;
}

Result<LookupPlan> plan(const LookUp& query) {
  const auto text = clean(query.query);
  if (text.empty()) return fail(Reason::field_required, "query", "is required");
  if (text.size() > max_query_bytes) return too_long("query", max_query_bytes);
  const auto kind = query.kind;
  const auto is_wanted = [&](LookupKind one) { return !kind || *kind == one; };
  LookupPlan plan;
  // All that is a number, even a carrier's account's, has a digit.
  if (kind != LookupKind::name && kind != LookupKind::address && has_digit(text)) {
    plan.identifier = exact_key_of_query(text);
  }
  if (kind == LookupKind::phone && !all_digits(plan.identifier)) {
    return fail(Reason::field_invalid, "query", "is no telephone number with its area code");
  }
  if (is_wanted(LookupKind::circuit)) plan.circuit_part = part(identifier_key(text));
  if (is_wanted(LookupKind::name)) {
    plan.name = fold(text);
    plan.name_part = part(plan.name);
  }
  if (is_wanted(LookupKind::address)) plan.address_part = part(fold(text));
  if (is_empty(plan)) return fail(Reason::field_invalid, "query", "is too short: give three characters or more");
  return plan;
}

Found found(std::vector<LookupMatch> matches) {
  Found found{std::move(matches), false};
  found.more = found.matches.size() > static_cast<size_t>(max_matches);
  if (found.more) found.matches.resize(static_cast<size_t>(max_matches));
  return found;
}

bool is_of_kind(const LookupMatch& match, std::optional<LookupKind> kind) {
  return !kind || *kind == LookupKind::phone || *kind == match.kind;
}

std::optional<Uuid> place_of(const Found& found) {
  if (found.matches.empty() || found.more) return std::nullopt;
  const auto& first = found.matches.front();
  bool of_one_site = first.location_id.has_value();
  for (const auto& match : found.matches) {
    if (match.account_id != first.account_id) return std::nullopt;
    of_one_site = of_one_site && match.location_id == first.location_id;
  }
  return of_one_site ? first.location_id->uuid : first.account_id.uuid;
}

std::vector<LookupAttempt> attempts(const LookupPlan& plan, std::optional<LookupKind> kind) {
  std::vector<LookupAttempt> made;
  const auto is_wanted = [&](LookupKind one) { return !kind || *kind == one; };
  if (!plan.identifier.empty()) {
    const auto forms = forms_of(plan.identifier);
    if (is_wanted(LookupKind::phone) && !forms.phone.empty()) made.push_back({LookupKind::phone, forms.phone, false});
    if (is_wanted(LookupKind::billing)) made.push_back({LookupKind::billing, forms.identifiers.back(), false});
  }
  if (!plan.circuit_part.empty()) made.push_back({LookupKind::circuit, plan.circuit_part, true});
  if (!plan.name.empty()) made.push_back({LookupKind::name, plan.name, !plan.name_part.empty()});
  if (!plan.address_part.empty()) made.push_back({LookupKind::address, plan.address_part, true});
  return made;
}

}  // namespace holdfast::accounts
