#pragma once

#include <string>
#include <vector>

#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/uuid.h"

// What has become of the rows of an import.
namespace holdfast::contracts {

inline constexpr size_t max_import_rows = 1'000;

enum class Verdict { created, updated, unchanged, rejected };

struct RowVerdict {
  Uuid id;
  Verdict verdict{};
  std::string reason;  // of a rejected row, as in files
  std::string field;
  std::string message;
};

inline RowVerdict rejected_row(const Uuid& id, const Error& error) {
  return {id, Verdict::rejected, std::string(info(error.reason).camel),
          error.fields.empty() ? "" : error.fields.front().field, error.message};
}

struct Verdicts {
  std::vector<RowVerdict> verdicts;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::Verdict> = std::to_array<std::string_view>({"created", "updated",
                                                                                        "unchanged", "rejected"});

template <>
struct Fields<contracts::RowVerdict> {
  using T = contracts::RowVerdict;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"verdict", &T::verdict}, Field{"reason", &T::reason},
                Field{"field", &T::field}, Field{"message", &T::message}};
};

template <>
struct Fields<contracts::Verdicts> {
  static constexpr auto list = FieldList{Field{"verdicts", &contracts::Verdicts::verdicts}};
};

}  // namespace holdfast
