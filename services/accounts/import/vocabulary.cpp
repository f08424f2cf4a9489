#include "accounts/import/vocabulary.h"

#include <algorithm>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

// "M-T-M" and "m t m" are one word, "?" is one as well.
std::string word_key(std::string_view text) {
  auto key = join(words(text), " ");
  return key.empty() ? fold(text) : key;
}

struct TradeWords {
  Field field;
  std::string meaning;
  std::vector<std::string> words;
};

const std::vector<TradeWords>& all_trade_words() {
  static const std::vector<TradeWords> all{
#define WORDS(field, meaning, ...) TradeWords{Field::field, meaning, __VA_ARGS__},
#include "accounts/import/trade_words.def"
#undef WORDS
  };
  return all;
}

struct TradeCarrier {
  std::string name;
  std::vector<std::string> others;
};

const std::vector<TradeCarrier>& all_trade_carriers() {
  static const std::vector<TradeCarrier> all{
#define CARRIER(name, ...) TradeCarrier{name, __VA_ARGS__},
#include "accounts/import/trade_carriers.def"
#undef CARRIER
  };
  return all;
}

void add_keys(std::vector<std::string>& to, const std::vector<std::string>& words) {
  for (const auto& word : words) to.push_back(word_key(word));
}

}  // namespace

Mapping empty_mapping() {
  Mapping mapping;
  mapping.unknown = {"TBD", "?", "??", "TBA", "unknown", "n/a", "na", "not known", "check", "see rep"};
  mapping.open_ended = {"MTM", "M-T-M", "M2M", "month to month", "month-to-month", "evergreen", "none"};
  mapping.zero = {"incl", "incl.", "included", "n/c", "no charge", "free", "waived", "bundled"};
  return mapping;
}

Vocabulary::Vocabulary(const Mapping& mapping, const SheetMapping& sheet) {
  add_keys(unknown_, mapping.unknown);
  add_keys(open_ended_, mapping.open_ended);
  add_keys(zero_, mapping.zero);
  for (const auto& [field, meanings] : sheet.values) {
    for (const auto& [meaning, written] : meanings) {
      meanings_[field].emplace(word_key(meaning), meaning);
      for (const auto& word : written) meanings_[field].emplace(word_key(word), meaning);
    }
  }
  for (const auto& trade : all_trade_words()) {
    meanings_[trade.field].emplace(word_key(trade.meaning), trade.meaning);
    for (const auto& word : trade.words) meanings_[trade.field].emplace(word, trade.meaning);
  }
}

bool Vocabulary::holds(const std::vector<std::string>& words, std::string_view text) {
  return !text.empty() && std::ranges::find(words, word_key(text)) != words.end();
}

std::optional<std::string> Vocabulary::meaning(Field field, std::string_view text) const {
  const auto of_field = meanings_.find(field);
  if (of_field == meanings_.end()) return std::nullopt;
  const auto& meanings = of_field->second;
  if (const auto whole = meanings.find(word_key(text)); whole != meanings.end()) return whole->second;
  const auto parts = words(text);
  if (parts.size() < 2) return std::nullopt;
  if (const auto first = meanings.find(parts.front()); first != meanings.end()) return first->second;
  return std::nullopt;
}

std::vector<std::pair<std::string, std::vector<std::string>>> trade_words(Field field) {
  std::vector<std::pair<std::string, std::vector<std::string>>> found;
  for (const auto& trade : all_trade_words()) {
    if (trade.field == field) found.emplace_back(trade.meaning, trade.words);
  }
  return found;
}

CarrierNames::CarrierNames(const Mapping& mapping) {
  for (const auto& [name, others] : mapping.carriers) {
    mapped_.emplace(fold(name), name);
    for (const auto& other : others) mapped_.emplace(fold(other), name);
  }
  for (const auto& carrier : all_trade_carriers()) {
    trade_.emplace(fold(carrier.name), carrier.name);
    for (const auto& other : carrier.others) trade_.emplace(fold(other), carrier.name);
  }
}

void CarrierNames::add_listed(std::string_view name) { listed_.emplace(fold(name), clean(name)); }

std::string CarrierNames::proper(std::string_view name) const {
  const auto key = fold(name);
  for (const auto* names : {&mapped_, &listed_, &trade_}) {
    if (const auto found = names->find(key); found != names->end()) return found->second;
  }
  return clean(name);
}

}  // namespace holdfast::accounts::import_book
