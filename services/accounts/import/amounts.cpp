#include "accounts/import/amounts.h"

#include <charconv>
#include <cmath>
#include <string>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr double largest_amount = 1e12;

std::optional<std::int64_t> to_cents(double amount) {
  if (!(std::abs(amount) < largest_amount)) return std::nullopt;
  return std::llround(amount * 100 + std::copysign(1e-6, amount));  // 0.285 is a little less than it says
}

bool cut_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// 1,234,567.89 without its commas; nothing when they do not stand between groups of three.
std::optional<std::string> without_commas(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  std::string plain;
  std::size_t group = 0;
  bool grouped = false;
  for (const char c : whole) {
    if (c == ',') {
      if (group == 0 || group > 3 || (grouped && group != 3)) return std::nullopt;
      grouped = true;
      group = 0;
    } else if (c >= '0' && c <= '9') {
      plain += c;
      ++group;
    } else {
      return std::nullopt;
    }
  }
  if (grouped && group != 3) return std::nullopt;
  if (point != std::string_view::npos) plain += text.substr(point);
  return plain;
}

}  // namespace

std::optional<std::int64_t> read_cents(const Cell& cell) {
  if (cell.kind == Cell::Kind::number || cell.kind == Cell::Kind::date) return to_cents(cell.number);
  std::string compact;
  for (const char c : fold(cell.text)) {
    if (c != ' ') compact += c;
  }
  std::string_view text = compact;
  for (const auto per : {"permonth", "/month", "/mo.", "/mo", "/mth", "monthly", "mrc", "nrc", "usd"})
    cut_suffix(text, per);
  bool negative = text.starts_with('(') && text.ends_with(')');
  if (negative) text = text.substr(1, text.size() - 2);
  if (!negative) negative = cut_prefix(text, "-");
  cut_prefix(text, "usd");
  cut_prefix(text, "us");
  cut_prefix(text, "$");
  if (!negative) negative = cut_prefix(text, "-");
  const auto plain = without_commas(text);
  if (!plain || plain->empty() || *plain == ".") return std::nullopt;
  double amount = 0;
  const auto end = plain->data() + plain->size();
  if (std::from_chars(plain->data(), end, amount, std::chars_format::fixed).ptr != end) return std::nullopt;
  return to_cents(negative ? -amount : amount);
}

bool is_lossy_number(const Cell& cell) {
  if (cell.kind == Cell::Kind::number && std::abs(cell.number) >= 1e15) return true;
  const auto text = clean(cell.text);
  const auto exponent = text.find_first_of("eE");
  if (exponent == std::string::npos || exponent == 0 || exponent + 2 >= text.size() || text[exponent + 1] != '+')
    return false;
  const auto digits = [](std::string_view part, std::string_view allowed) {
    return part.find_first_not_of(allowed) == std::string_view::npos;
  };
  return digits(std::string_view(text).substr(0, exponent), "0123456789.") &&
         digits(std::string_view(text).substr(exponent + 2), "0123456789");
}

}  // namespace holdfast::accounts::import_book
