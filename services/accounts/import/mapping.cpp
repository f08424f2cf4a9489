#include "accounts/import/mapping.h"

#include <algorithm>
#include <array>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::array<std::string_view, field_count> field_names{
#define FIELD(name, text) text,
#include "accounts/import/fields.def"
#undef FIELD
};

constexpr std::array<std::string_view, 11> row_kind_names{
    "account", "location", "contact", "carrier",    "carrier_contact",   "carrier_account",
    "product", "contract", "port",    "disconnect", "port_or_disconnect"};

std::string_view base_name(std::string_view path) { return path.substr(path.find_last_of("/\\") + 1); }

}  // namespace

std::string_view name_of(Field field) { return field_names.at(static_cast<std::size_t>(field)); }

std::optional<Field> field_named(std::string_view name) {
  const auto found = std::ranges::find(field_names, name);
  if (found == field_names.end()) return std::nullopt;
  return static_cast<Field>(found - field_names.begin());
}

std::string_view name_of(RowKind kind) { return row_kind_names.at(static_cast<std::size_t>(kind)); }

const SheetMapping* Mapping::find(std::string_view table, std::string_view file) const {
  for (const auto& sheet : sheets) {
    if (fold(sheet.name) == fold(table)) return &sheet;
  }
  for (const auto& sheet : sheets) {
    if (!sheet.file.empty() && fold(base_name(sheet.file)) == fold(base_name(file))) return &sheet;
  }
  return nullptr;
}

}  // namespace holdfast::accounts::import_book
