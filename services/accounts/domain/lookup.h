#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/domain/product.h"

// What somebody who has a line down may have at hand, and what of ours it names.
namespace holdfast::accounts {

enum class LookupKind { phone, circuit, billing, address, name };

struct LookUp {
  std::string query;
  std::optional<LookupKind> kind;
};

// Telephone numbers, circuit IDs and account numbers that are the same have the same key: letters and digits alone, a
// number of North America with its 1. What is kept and what is asked for are compared by it, and the cache knows the
// answers by it.
std::string exact_key(std::string_view text);

// The identifiers and the telephone number (empty: none) that are kept under an exact key.
struct KeyForms {
  std::vector<std::string> identifiers;  // as identifier_key has them
  std::string phone;                     // E.164
};
KeyForms forms_of(const std::string& key);

// What a query is looked for as; what is empty is not looked for.
struct LookupPlan {
  std::string identifier;  // an exact_key
  std::string name;        // a fold
  std::string circuit_part;
  std::string name_part;
  std::string address_part;
};

inline constexpr size_t max_query_bytes = 500;
// Shorter parts match everything, and no index helps.
inline constexpr size_t min_part_characters = 3;
inline constexpr std::int64_t max_matches = 20;

// FIELD_REQUIRED, FIELD_TOO_LONG, FIELD_INVALID. Costs a microsecond or two for all but odd telephone numbers: it runs
// before every lookup.
Result<LookupPlan> plan(const LookUp& query);

// Something that a query names.
struct LookupMatch {
  LookupKind kind{};
  std::string text;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::optional<ProductId> product_id;
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<ProductStatus> product_status;

  bool operator==(const LookupMatch&) const = default;
};

// What is under an exact key, or was found by a part.
struct Found {
  std::vector<LookupMatch> matches;
  bool more = false;
};

// Cuts off what is beyond max_matches.
Found found(std::vector<LookupMatch> matches);

// A telephone number may be a site's, a line's or one that bills are under; of the other kinds only their own.
bool is_of_kind(const LookupMatch& match, std::optional<LookupKind> kind);

// The site that all matches are of, or the account, when they are of one; else nothing.
std::optional<Uuid> place_of(const Found& found);

struct LookupAttempt {
  LookupKind kind{};
  std::string text;
  bool partial = false;
};

// What was looked for.
std::vector<LookupAttempt> attempts(const LookupPlan& plan, std::optional<LookupKind> kind);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::LookupKind> = std::to_array<std::string_view>({"phone", "circuit", "billing",
                                                                                          "address", "name"});

template <>
struct Fields<accounts::LookUp> {
  static constexpr auto list =
      FieldList{Field{"query", &accounts::LookUp::query}, Field{"kind", &accounts::LookUp::kind}};
};

template <>
struct Fields<accounts::LookupMatch> {
  using T = accounts::LookupMatch;
  static constexpr auto list = FieldList{Field{"kind", &T::kind},
                                         Field{"text", &T::text},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"product_id", &T::product_id},
                                         Field{"carrier_account_id", &T::carrier_account_id},
                                         Field{"product_status", &T::product_status}};
};

template <>
struct Fields<accounts::Found> {
  static constexpr auto list =
      FieldList{Field{"matches", &accounts::Found::matches}, Field{"more", &accounts::Found::more}};
};

template <>
struct Fields<accounts::LookupAttempt> {
  using T = accounts::LookupAttempt;
  static constexpr auto list =
      FieldList{Field{"kind", &T::kind}, Field{"text", &T::text}, Field{"partial", &T::partial}};
};

}  // namespace holdfast
