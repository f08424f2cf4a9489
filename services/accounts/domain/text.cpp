#include "accounts/domain/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "runtime/core/limits.h"

namespace holdfast::accounts {
namespace {

constexpr std::array company_forms{"inc",     "incorporated", "llc",  "llp",           "lp",      "ltd",
                                   "limited", "co",           "corp", "corporation",   "company", "pc",
                                   "pllc",    "plc",          "intl", "international", "the",     "and"};

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_blank(UChar32 c) { return u_isUWhiteSpace(c) || u_iscntrl(c); }
bool is_invisible(UChar32 c) { return u_charType(c) == U_FORMAT_CHAR; }  // zero-width marks, byte-order marks

UChar32 straight(UChar32 c) {
  if (c == 0x2018 || c == 0x2019 || c == 0x201B || c == 0x2032) return '\'';
  if (c == 0x201C || c == 0x201D || c == 0x201F || c == 0x2033) return '"';
  return c;
}

icu::UnicodeString composed(std::string_view text) {
  const auto raw = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFCInstance(status);
  auto normal = U_SUCCESS(status) ? normalizer->normalize(raw, status) : raw;
  return U_SUCCESS(status) ? normal : raw;
}

// ASCII is nearly all there is, and ICU's detour over UTF-16 costs ten times as much.
std::string clean_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

template <class Keep>
std::string filtered(std::string_view text, Keep keep) {
  const auto source = composed(text).foldCase();
  icu::UnicodeString out;
  for (int32_t at = 0; at < source.length(); at = source.moveIndex32(at, 1)) keep(source.char32At(at), out);
  std::string utf8;
  out.toUTF8String(utf8);
  return utf8;
}

Result<std::string> within(size_t limit_bytes, const char* field, std::string text) {
  if (text.size() <= limit_bytes) return text;
  return too_long(field, limit_bytes);
}

}  // namespace

std::string clean(std::string_view text) {
  if (is_ascii(text)) return clean_ascii(text);
  const auto source = composed(text);
  icu::UnicodeString out;
  for (int32_t at = 0; at < source.length(); at = source.moveIndex32(at, 1)) {
    const UChar32 c = source.char32At(at);
    if (is_invisible(c)) continue;
    if (!is_blank(c)) {
      out.append(c);
    } else if (!out.isEmpty() && out[out.length() - 1] != ' ') {
      out.append(UChar32{' '});
    }
  }
  out.trim();
  std::string utf8;
  out.toUTF8String(utf8);
  return utf8;
}

std::string fold(std::string_view text) {
  auto cleaned = clean(text);
  if (is_ascii(cleaned)) {
    for (auto& c : cleaned) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return cleaned;
  }
  return filtered(cleaned, [](UChar32 c, icu::UnicodeString& out) { out.append(straight(c)); });
}

std::string identifier_key(std::string_view text) {
  if (!is_ascii(text)) {
    auto kept = filtered(text, [](UChar32 c, icu::UnicodeString& out) {
      if (u_isalnum(c)) out.append(u_toupper(c));
    });
    return kept;
  }
  std::string key;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      key += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return key;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : fold(text)) {
    if (c == '\'') continue;  // don't, rec'd
    if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80) {
      word += c;
    } else {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
      if (c == '#') out.emplace_back("#");
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

std::string form_key(std::string_view name) {
  std::string without_remarks;
  int depth = 0;
  for (const char c : name) {
    depth += c == '(';
    if (depth == 0 && c != '.') without_remarks += c;  // P.C. is the company form pc
    depth -= c == ')' && depth > 0;
  }
  std::string key;
  for (auto word : words(without_remarks)) {
    if (std::ranges::find(company_forms, word) != company_forms.end()) continue;
    key += word == "saint" ? "st" : word;
  }
  return key;
}

Result<std::string> read_name(const char* field, std::string_view text) {
  auto name = clean(text);
  if (name.empty()) return fail(Reason::field_required, field, "is required");
  return within(max_name_bytes, field, std::move(name));
}

Result<std::string> read_line(const char* field, std::string_view text) {
  return within(max_line_bytes, field, clean(text));
}

Result<std::string> read_notes(const char* field, std::string_view text) {
  return within(max_notes_bytes, field, clean(text));
}

Result<std::string> read_identifier(const char* field, std::string_view text) {
  auto identifier = TRY(read_name(field, text));
  if (identifier_key(identifier).empty()) return fail(Reason::field_invalid, field, "has no letter and no digit");
  return identifier;
}

}  // namespace holdfast::accounts
