#include "runtime/config/pages.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/config/bounds.h"

namespace holdfast::config {
namespace {

bool is_secret(const Row& row) { return std::holds_alternative<Secret>(row.value); }

std::string default_text(const Row& row) {
  if (!row.default_value) return "required";
  const std::string text = value_text(*row.default_value);
  return text.empty() ? "empty" : text;
}

// tickets.db of tickets.db.pool_size
std::string_view section_of(const Row& row) { return std::string_view(row.name).substr(0, row.name.rfind('.')); }

// A cell of a table: one line, no bar that would end it.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '|') escaped += '\\';
    escaped += character == '\n' ? ' ' : character;
  }
  return escaped;
}

}  // namespace

std::string help_page(const Settings& settings, std::string_view program, std::string_view purpose) {
  std::string page = fmt::format(
      "{}: {}\n\nUsage: {} [--config FILE] [--SETTING=VALUE ...]\n\n"
      "A setting is given as a flag, as an environment variable, or in the JSON file named by --config (or\n"
      "HOLDFAST_CONFIG); the first of these counts. VARIABLE_FILE names a file that holds the value.\n",
      program, purpose, program);
  std::string_view section;
  for (const Row& row : settings.rows()) {
    if (section_of(row) != section) {
      section = section_of(row);
      page += fmt::format("\n{}\n", section);
    }
    page += fmt::format("  {}{}  {}\n      {} {}; default: {}; ${}\n", is_secret(row) ? "" : "--", row.name,
                        type_name(row), row.description, bounds_text(row), default_text(row), variable_name(row.name));
  }
  return page;
}

std::string markdown_page(const Settings& settings) {
  std::string page =
      "# Settings\n\n"
      "Generated from the declarations in the code; a test keeps it current.\n\n"
      "A setting is given as a flag (`--tickets.db.pool_size=16`), as an environment variable\n"
      "(`HOLDFAST_TICKETS_DB_POOL_SIZE=16`), or in the JSON file that `--config` or `HOLDFAST_CONFIG` names\n"
      "(`{\"tickets\": {\"db\": {\"pool_size\": 16}}}`). A flag counts before the environment, the environment before "
      "the\n"
      "file. A variable with `_FILE` behind its name names a file that holds the value. Secrets are never flags.\n";
  std::string_view section;
  for (const Row& row : settings.rows()) {
    if (section_of(row) != section) {
      section = section_of(row);
      page += fmt::format("\n## {}\n\n| setting | default | allowed | what it does |\n|---|---|---|---|\n", section);
    }
    page += fmt::format("| `{}` | {} | {} | {} |\n", row.name, cell(default_text(row)), cell(bounds_text(row)),
                        cell(row.description));
  }
  return page;
}

std::string configz(const Settings& settings) {
  nlohmann::ordered_json document = {{"settings", nlohmann::ordered_json::array()}};
  for (const Row& row : settings.rows()) {
    document["settings"].push_back({{"name", row.name},
                                    {"value", value_text(row.value)},
                                    {"source", row.source},
                                    {"default", row.default_value ? value_text(*row.default_value) : ""},
                                    {"type", type_name(row)},
                                    {"description", row.description}});
  }
  document["unknownEnvironment"] = settings.unknown_environment();
  // A variable may hold any bytes; this page must stay JSON all the same.
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace holdfast::config
