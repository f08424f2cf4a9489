#include "runtime/config/bounds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace holdfast::config {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

bool within_bounds(const Row& row, const Value& value) {
  const auto in_range = [&](double number) { return number >= row.least && number <= row.most; };  // NaN is in none
  const auto fits = [&](const std::string& text) { return in_range(static_cast<double>(text.size())); };
  return std::visit(Overloaded{
                        [&](const std::string& text) {
                          return fits(text) &&
                                 (row.words.empty() || std::ranges::find(row.words, text) != row.words.end());
                        },
                        [&](int number) { return in_range(number); },
                        [&](double number) { return in_range(number); },
                        [&](std::chrono::milliseconds time) { return in_range(static_cast<double>(time.count())); },
                        [&](bool) { return true; },
                        [&](const std::filesystem::path& path) { return fits(path.native()); },
                        [&](const Secret& secret) { return fits(secret.reveal()); },
                    },
                    value);
}

std::string bounds_text(const Row& row) {
  if (!row.words.empty()) return fmt::format("one of {}", fmt::join(row.words, ", "));
  const auto length = [&](std::string_view what) {
    return row.least > 0 ? fmt::format("{} of {} to {} bytes", what, row.least, row.most)
                         : fmt::format("{} of at most {} bytes", what, row.most);
  };
  return std::visit(Overloaded{
                        [&](const std::string&) { return length("a text"); },
                        [&](int) { return fmt::format("a whole number from {} to {}", row.least, row.most); },
                        [&](double) { return fmt::format("a number from {} to {}", row.least, row.most); },
                        [&](std::chrono::milliseconds) {
                          return fmt::format("a whole number of milliseconds from {} to {}", row.least, row.most);
                        },
                        [&](bool) -> std::string { return "true or false"; },
                        [&](const std::filesystem::path&) { return length("a path"); },
                        [&](const Secret&) { return length("a secret"); },
                    },
                    row.value);
}

std::string_view type_name(const Row& row) {
  constexpr std::string_view names[] = {"text", "integer", "boolean", "number", "milliseconds", "path", "secret"};
  static_assert(std::size(names) == std::variant_size_v<Value>);
  return names[row.value.index()];
}

std::string value_text(const Value& value) {
  return std::visit(Overloaded{
                        [](const std::string& text) { return text; },
                        [](int number) { return std::to_string(number); },
                        [](double number) { return fmt::format("{}", number); },
                        [](std::chrono::milliseconds time) { return std::to_string(time.count()); },
                        [](bool yes) -> std::string { return yes ? "true" : "false"; },
                        [](const std::filesystem::path& path) { return path.native(); },
                        [](const Secret& secret) -> std::string { return secret.empty() ? "" : "***"; },
                    },
                    value);
}

}  // namespace holdfast::config
