#include "accounts/import/headings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

using Kinds = std::vector<RowKind>;

const Kinds customers{RowKind::account, RowKind::location};
const Kinds located{RowKind::location, RowKind::contact};
const Kinds people{RowKind::account, RowKind::location, RowKind::contact};
const Kinds only_contact{RowKind::contact};
const Kinds of_carrier{RowKind::carrier_contact, RowKind::carrier_account, RowKind::product, RowKind::contract};
const Kinds only_product{RowKind::product};
const Kinds only_contract{RowKind::contract};
const Kinds only_carrier_contact{RowKind::carrier_contact};
const Kinds mixed_orders{RowKind::port_or_disconnect};
const Kinds orders{RowKind::port, RowKind::disconnect, RowKind::port_or_disconnect};
const Kinds every{RowKind::account,    RowKind::location,          RowKind::contact,  RowKind::carrier,
                  RowKind::product,    RowKind::carrier_contact,   RowKind::contract, RowKind::port,
                  RowKind::disconnect, RowKind::port_or_disconnect};

constexpr std::array all_kinds{RowKind::account,    RowKind::location,          RowKind::contact,
                               RowKind::carrier,    RowKind::carrier_contact,   RowKind::carrier_account,
                               RowKind::product,    RowKind::contract,          RowKind::port,
                               RowKind::disconnect, RowKind::port_or_disconnect};

struct Phrase {
  size_t place;
  const Kinds& kinds;
  Field field;
  double weight;
  std::vector<std::string> words;
};

// By their first word, so that a heading is compared with those alone that it may be like.
using Phrases = std::multimap<std::string, Phrase, std::less<>>;

const Phrases& phrases() {
  static const Phrases all = [] {
    Phrases made;
    const auto add = [&](const Kinds& kinds, Field field, double weight,
                         std::initializer_list<std::string_view> texts) {
      for (const auto text : texts) {
        auto parts = words(text);
        auto first = parts.front();
        made.emplace(std::move(first), Phrase{made.size(), kinds, field, weight, std::move(parts)});
      }
    };
#define HEADINGS(kinds, field, weight, ...) add(kinds, Field::field, weight, __VA_ARGS__);
#include "accounts/import/heading_words.def"
#undef HEADINGS
    return made;
  }();
  return all;
}

const std::map<std::string, std::string, std::less<>>& abbreviations() {
  static const std::map<std::string, std::string, std::less<>> all{
      {"acct", "account"},       {"acc", "account"},        {"accts", "account"},
      {"cust", "customer"},      {"customers", "customer"}, {"ckt", "circuit"},
      {"cct", "circuit"},        {"ckts", "circuit"},       {"dt", "date"},
      {"ph", "phone"},           {"tel", "phone"},          {"telephone", "phone"},
      {"fone", "phone"},         {"no", "number"},          {"nbr", "number"},
      {"num", "number"},         {"nr", "number"},          {"#", "number"},
      {"addr", "address"},       {"svc", "service"},        {"svcs", "service"},
      {"services", "service"},   {"loc", "location"},       {"exp", "expiration"},
      {"expires", "expiration"}, {"expiry", "expiration"},  {"expire", "expiration"},
      {"mo", "months"},          {"mos", "months"},         {"mth", "months"},
      {"mths", "months"},        {"month", "months"},       {"prov", "provider"},
      {"disc", "disconnect"},    {"disco", "disconnect"},   {"discos", "disconnect"},
      {"conf", "confirmation"},  {"inst", "install"},       {"mgr", "manager"},
      {"lvl", "level"},          {"esc", "escalation"},     {"dept", "department"},
      {"hrs", "hours"},          {"recd", "received"},      {"co", "company"},
      {"agmt", "agreement"},     {"agrmt", "agreement"},    {"ref", "reference"},
      {"eff", "effective"},      {"qty", "quantity"},       {"cancelation", "cancellation"},
      {"bdwth", "bandwidth"},    {"ctc", "contact"},        {"cnt", "contact"},
      {"emails", "email"},
  };
  return all;
}

std::string singular(std::string word) {
  if (word.ends_with("ies")) return word.substr(0, word.size() - 3) + "y";
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) word.pop_back();
  return word;
}

// What the name of the sheet or file says its rows are: its last word that says anything.
std::set<RowKind> hinted(std::string_view table_name) {
  static const std::set<std::string> empty_words{"list", "sheet",  "data", "export",    "tab", "current", "view",
                                                 "all",  "master", "info", "book",      "csv", "txt",     "xlsx",
                                                 "tsv",  "new",    "our",  "directory", "log", "tracker", "numbers"};
  static const std::map<std::string, std::set<RowKind>> by_word{
      {"customer", {RowKind::account, RowKind::location}},
      {"client", {RowKind::account, RowKind::location}},
      {"account", {RowKind::account, RowKind::location}},
      {"tenant", {RowKind::account}},
      {"company", {RowKind::account}},
      {"site", {RowKind::location}},
      {"location", {RowKind::location}},
      {"branch", {RowKind::location}},
      {"store", {RowKind::location}},
      {"contact", {RowKind::contact, RowKind::carrier_contact}},
      {"people", {RowKind::contact}},
      {"carrier", {RowKind::carrier, RowKind::carrier_contact}},
      {"provider", {RowKind::carrier, RowKind::carrier_contact}},
      {"vendor", {RowKind::carrier, RowKind::carrier_contact}},
      {"escalation", {RowKind::carrier_contact}},
      {"circuit", {RowKind::product}},
      {"inventory", {RowKind::product}},
      {"line", {RowKind::product}},
      {"service", {RowKind::product}},
      {"product", {RowKind::product}},
      {"contract", {RowKind::contract}},
      {"agreement", {RowKind::contract}},
      {"renewal", {RowKind::contract}},
      {"port", {RowKind::port}},
      {"porting", {RowKind::port}},
      {"disconnect", {RowKind::disconnect}},
      {"cancellation", {RowKind::disconnect}}};
  auto parts = heading_words(table_name);
  for (auto& part : parts) part = singular(part);
  const auto names = [&](std::string_view word) { return std::ranges::find(parts, word) != parts.end(); };
  if (names("disconnect") && (names("port") || names("porting"))) return {RowKind::port_or_disconnect};
  while (!parts.empty() &&
         (empty_words.contains(parts.back()) || std::isdigit(static_cast<unsigned char>(parts.back()[0]))))
    parts.pop_back();
  if (parts.empty()) return {};
  const auto found = by_word.find(parts.back());
  return found == by_word.end() ? std::set<RowKind>{} : found->second;
}

// The field that a bare "Name" stands for where the table's own name says what is listed.
std::optional<Field> named_field(RowKind kind) {
  switch (kind) {
    case RowKind::account:
      return Field::account_name;
    case RowKind::location:
      return Field::location_name;
    case RowKind::contact:
      return Field::contact_name;
    case RowKind::carrier:
      return Field::carrier;
    default:
      return std::nullopt;
  }
}

// All of the phrase's words in the heading, few others beside them.
double likeness(const std::vector<std::string>& heading, const Phrase& phrase) {
  if (heading == phrase.words) return phrase.weight;
  if (phrase.words.size() * 2 <= heading.size() - (heading.size() > 1 ? 1 : 0)) return 0;
  for (const auto& word : phrase.words) {
    if (std::ranges::find(heading, word) == heading.end()) return 0;
  }
  return phrase.weight * static_cast<double>(phrase.words.size()) / static_cast<double>(heading.size()) - 1;
}

// What may be the heading of a column, with the phrases that it is like, in their order.
struct Heading {
  std::uint32_t column;
  std::string text;
  double penalty;
  bool own;  // the row itself says something in this column
  bool is_name;
  std::vector<std::pair<const Phrase*, double>> like;
};

void add_heading(std::vector<Heading>& headings, std::uint32_t column, const std::string& text, double penalty,
                 bool own) {
  const auto parts = heading_words(text);
  if (parts.empty() || parts.size() > 8) return;
  Heading heading{column, text, penalty, own, parts == std::vector<std::string>{"name"}, {}};
  for (const auto& word : std::set<std::string>(parts.begin(), parts.end())) {
    const auto [begin, end] = phrases().equal_range(word);
    for (auto phrase = begin; phrase != end; ++phrase) {
      const double score = likeness(parts, phrase->second) - penalty;
      if (score > 2) heading.like.emplace_back(&phrase->second, score);
    }
  }
  std::ranges::sort(heading.like, {}, [](const auto& one) { return one.first->place; });
  if (heading.is_name || !heading.like.empty()) headings.push_back(std::move(heading));
}

std::vector<Heading> headings_of(const HeadingRow& row) {
  std::map<std::string_view, int> times;
  for (const auto& own : row.own) ++times[own];
  std::vector<Heading> headings;
  for (std::uint32_t column = 0; column < row.own.size(); ++column) {
    const auto& own = row.own[column];
    // Two columns called "Name" are told apart by the bands above them only.
    if (times[own] == 1) add_heading(headings, column, own, 0, !own.empty());
    // A band above a heading helps where the heading alone says less.
    if (row.stacked[column] != own) add_heading(headings, column, row.stacked[column], 0.1, !own.empty());
    if (row.banded[column] != own) add_heading(headings, column, row.banded[column], 0.2, !own.empty());
  }
  return headings;
}

struct Match {
  double score;
  const Heading* heading;
  Field field;
};

std::vector<Match> matches_of(RowKind kind, const std::vector<Heading>& headings, bool is_hinted) {
  std::vector<Match> matches;
  for (const auto& heading : headings) {
    if (const auto field = named_field(kind); field && is_hinted && heading.is_name) {
      matches.push_back({12 - heading.penalty, &heading, *field});
    }
    for (const auto& [phrase, score] : heading.like) {
      if (std::ranges::find(phrase->kinds, kind) == phrase->kinds.end()) continue;
      matches.push_back({score, &heading, phrase->field});
    }
  }
  std::ranges::stable_sort(matches, std::greater<>(), &Match::score);
  return matches;
}

bool satisfied(RowKind kind, const std::map<Field, std::vector<std::string>>& columns, bool is_hinted) {
  const auto has = [&](auto... fields) { return (columns.contains(fields) && ...); };
  switch (kind) {
    case RowKind::account:
      return has(Field::account_name);
    case RowKind::location:
      return has(Field::account_name, Field::location_name);
    case RowKind::contact:
      return (has(Field::contact_name) || has(Field::contact_last_name)) &&
             (has(Field::account_name) || has(Field::location_name) || has(Field::contact_group));
    case RowKind::carrier:
      return has(Field::carrier);
    case RowKind::carrier_contact:
      return has(Field::carrier) && !has(Field::account_name) &&
             (has(Field::carrier_contact_phone) || has(Field::carrier_contact_email));
    case RowKind::carrier_account:
      return has(Field::carrier, Field::carrier_account_number, Field::account_name);
    case RowKind::product:
      return has(Field::product_circuit_id, Field::account_name, Field::carrier);
    case RowKind::contract:
      return has(Field::contract_number, Field::account_name) &&
             (has(Field::contract_end) || has(Field::contract_start) || has(Field::contract_term));
    case RowKind::port:
    case RowKind::disconnect:
      return is_hinted && has(Field::order_ref, Field::account_name);
    case RowKind::port_or_disconnect:
      return has(Field::order_kind, Field::order_ref, Field::account_name) &&
             (has(Field::order_status) || has(Field::order_date));
  }
  return false;
}

HeadingReading read_as(RowKind kind, const std::vector<Heading>& headings, bool is_hinted) {
  HeadingReading reading{kind, is_hinted ? 8.0 : 0.0, {}};
  std::set<std::uint32_t> taken;
  std::size_t own = 0;
  for (const auto& match : matches_of(kind, headings, is_hinted)) {
    // One place may stand in two columns, and notes in several: the first that is not empty counts.
    const bool several =
        match.field == Field::notes || (kind == RowKind::product && match.field == Field::location_name);
    auto& texts = reading.columns[match.field];
    if (taken.contains(match.heading->column) || (!texts.empty() && !several)) continue;
    taken.insert(match.heading->column);
    own += match.heading->own;
    texts.push_back(match.heading->text);
    reading.score += match.score;
  }
  // The first row of data below the headings is not a heading row because it leaves a few columns empty.
  if (own < (is_hinted ? 1 : 2) || own * 2 < taken.size()) reading.columns.clear();
  std::erase_if(reading.columns, [](const auto& entry) { return entry.second.empty(); });
  return reading;
}

}  // namespace

std::vector<std::string> heading_words(std::string_view heading) {
  std::vector<std::string> out;
  for (auto& word : words(heading)) {
    const auto known = abbreviations().find(word);
    if (known != abbreviations().end()) word = known->second;
    if (word == "mail" && !out.empty() && out.back() == "e") {
      out.back() = "email";
    } else if (out.empty() || out.back() != word) {
      out.push_back(std::move(word));
    }
  }
  return out;
}

std::optional<HeadingReading> read_headings(const HeadingRow& row, std::string_view table_name) {
  constexpr double enough = 15;
  const auto hints = hinted(table_name);
  const auto headings = headings_of(row);
  std::optional<HeadingReading> best;
  for (const auto kind : all_kinds) {
    auto reading = read_as(kind, headings, hints.contains(kind));
    if (reading.score < enough || !satisfied(kind, reading.columns, hints.contains(kind))) continue;
    if (!best || reading.score > best->score) best = std::move(reading);
  }
  return best;
}

}  // namespace holdfast::accounts::import_book
