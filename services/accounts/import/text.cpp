#include "accounts/import/text.h"

#include <algorithm>
#include <array>

namespace holdfast::accounts::import_book {
namespace {

constexpr std::array company_forms{"inc",     "incorporated", "llc",  "llp",           "lp",      "ltd",
                                   "limited", "co",           "corp", "corporation",   "company", "pc",
                                   "pllc",    "plc",          "intl", "international", "the",     "and"};

}  // namespace

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

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

std::string_view clipped(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

}  // namespace holdfast::accounts::import_book
