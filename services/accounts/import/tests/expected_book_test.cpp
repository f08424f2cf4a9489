#include "accounts/import/tests/expected_book.h"

#include <date/tz.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "accounts/import/book_fields.h"
#include "accounts/import/read_file.h"
#include "accounts/import/tests/book_json.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

using Json = nlohmann::json;

std::set<std::string> folded(const Json& texts) {
  std::set<std::string> all;
  for (const auto& text : texts) all.insert(fold(text.get<std::string>()));
  return all;
}

bool same_value(const std::string& field, const Json& expected, const Json& found) {
  if (field == "locations") return folded(expected) == folded(found);
  if (!expected.is_string() || !found.is_string()) return expected == found;
  const auto one = expected.get<std::string>();
  const auto other = found.get<std::string>();
  if (field == "circuit_id" || field == "number" || field == "ref") return identifier_key(one) == identifier_key(other);
  if (field == "time_zone") return same_zone(one, other);
  return fold(one) == fold(other);
}

std::string key_of(const Json& record, const std::vector<std::string>& fields) {
  std::string key;
  for (const auto& field : fields) {
    const auto& value = record.at(field);
    const bool identifier = field == "key" || field == "ref";
    key += (key.empty() ? "" : " | ");
    key += !value.is_string() ? value.dump()
           : identifier       ? identifier_key(value.get<std::string>())
                              : fold(value.get<std::string>());
  }
  return key;
}

}  // namespace

bool same_zone(const std::string& one, const std::string& other) {
  if (one == other) return true;
  const auto* first = date::locate_zone(one);
  const auto* second = date::locate_zone(other);
  for (auto day = date::sys_days{date::January / 1 / 2007}; day < date::sys_days{date::January / 1 / 2030};
       day += date::days{1}) {
    if (first->get_info(day).offset != second->get_info(day).offset) return false;
  }
  return true;
}

std::string test_file(const std::string& name) { return std::string(HOLDFAST_TEST_DATA) + "/" + name; }

std::vector<std::string> test_files(const std::string& folder, std::initializer_list<const char*> names) {
  std::vector<std::string> files;
  for (const auto* name : names) files.push_back(test_file(folder + "/" + name + ".csv"));
  return files;
}

std::string contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Tables tables_of(const std::vector<std::string>& files, const Mapping* mapping) {
  Tables all;
  for (const auto& file : files) {
    auto tables = read_file(file, std::filesystem::path(file).filename(), mapping);
    EXPECT_TRUE(tables) << file << ": " << (tables ? "" : describe(tables.error()));
    if (!tables) continue;
    for (auto& table : *tables) all.push_back(std::move(table));
  }
  return all;
}

ExpectedBook::ExpectedBook(const std::string& path) : json_(Json::parse(contents_of(path))) {}

void ExpectedBook::compare(const Book& book, const Mapping& mapping) {
  std::vector<std::string> sheets;
  for (const auto& table : book.tables) {
    const auto* sheet = mapping.find(table.name, table.file);
    sheets.push_back(sheet == nullptr ? table.name : sheet->name);
  }
  compare_records("accounts", {"name"}, accounts_json(book));
  compare_records("locations", {"account", "name"}, locations_json(book));
  compare_records("contacts", {"account", "name"}, contacts_json(book));
  compare_records("carrier_accounts", {"carrier", "key"}, carrier_accounts_json(book));
  compare_records("carrier_contacts", {"carrier", "function", "level", "name"}, carrier_contacts_json(book));
  compare_records("products", {"carrier", "key", "status", "install"}, products_json(book));
  compare_records("contracts", {"number"}, contracts_json(book, json_.at("as_of")));
  compare_records("ports", {"btn", "account", "submitted"}, ports_json(book));
  compare_records("disconnects", {"ref", "account", "requested"}, disconnects_json(book));
  compare_tables(book, sheets);
  compare_rejected(book, sheets);
  compare_repeats(book, sheets);
  compare_warnings(book, sheets);
}

void ExpectedBook::compare_records(const std::string& kind, const std::vector<std::string>& key, const Json& found) {
  std::map<std::string, Json> by_key;
  for (const auto& record : found) {
    if (!by_key.emplace(key_of(record, key), record).second) note(kind + ": two of " + key_of(record, key));
  }
  for (const auto& expected : json_.at(kind)) {
    const auto name = key_of(expected, key);
    const auto at = by_key.find(name);
    if (at == by_key.end()) {
      note(kind + ": missing " + name);
      continue;
    }
    for (const auto& [field, value] : expected.items()) {
      if (!at->second.contains(field)) continue;  // what the rules of contracts work out
      if (!same_value(field, value, at->second.at(field))) {
        note(kind + ": " + name + ": " + field + " is " + at->second.at(field).dump() + ", expected " + value.dump());
      }
    }
    by_key.erase(at);
  }
  for (const auto& [name, record] : by_key) note(kind + ": not expected " + name);
}

void ExpectedBook::compare_tables(const Book& book, const std::vector<std::string>& sheets) {
  for (std::size_t at = 0; at < book.tables.size(); ++at) {
    const auto& table = book.tables[at];
    if (table.ignored) continue;
    const Json found{{"header_row", table.header_row}, {"rows_read", table.rows_read}, {"created", table.created},
                     {"updated", table.updated},       {"unchanged", table.unchanged}, {"rejected", table.rejected}};
    const auto& expected = json_.at("sheets").at(sheets[at]);
    for (const auto& [field, value] : found.items()) {
      if (expected.at(field) != value) {
        note(sheets[at] + ": " + field + " is " + value.dump() + ", expected " + expected.at(field).dump());
      }
    }
  }
}

void ExpectedBook::compare_rejected(const Book& book, const std::vector<std::string>& sheets) {
  std::map<std::string, Finding> found;
  for (const auto& finding : book.findings) {
    if (finding.rejects) found[sheets[finding.place.table] + " row " + std::to_string(finding.place.row)] = finding;
  }
  for (const auto& expected : json_.at("rejected")) {
    const auto name = expected.at("sheet").get<std::string>() + " row " + expected.at("row").dump();
    const auto at = found.find(name);
    if (at == found.end()) {
      note("rejected: missing " + name + ": " + expected.dump());
      continue;
    }
    std::set<std::string> reasons{expected.at("reason")};
    for (const auto& other : expected.value("also_ok", Json::array())) reasons.insert(other.get<std::string>());
    const std::string reason(info(at->second.reason).camel);
    if (!reasons.contains(reason)) note("rejected: " + name + " for " + reason + ", expected " + expected.dump());
    if (expected.value("first_row", 0u) != at->second.first.row) {
      note("rejected: " + name + " contradicts row " + std::to_string(at->second.first.row) + ", expected " +
           expected.dump());
    }
    found.erase(at);
  }
  for (const auto& [name, finding] : found) {
    note("rejected: not expected " + name + ": " + std::string(info(finding.reason).camel) + " " + finding.column +
         " " + finding.value);
  }
}

void ExpectedBook::compare_repeats(const Book& book, const std::vector<std::string>& sheets) {
  std::map<std::string, std::uint32_t> found;
  for (const auto& verdict : book.verdicts) {
    if (verdict.verdict != Verdict::unchanged) continue;
    found[sheets[verdict.place.table] + " row " + std::to_string(verdict.place.row)] = verdict.first_row;
  }
  for (const auto& expected : json_.at("duplicates")) {
    const auto name = expected.at("sheet").get<std::string>() + " row " + expected.at("row").dump();
    if (!found.contains(name))
      note("repeats: missing " + name);
    else if (found[name] != expected.at("first_row"))
      note("repeats: " + name + " of row " + std::to_string(found[name]) + ", expected " + expected.dump());
    found.erase(name);
  }
  for (const auto& [name, row] : found) note("repeats: not expected " + name);
}

void ExpectedBook::compare_warnings(const Book& book, const std::vector<std::string>& sheets) {
  const auto key = [](const std::string& sheet, const std::string& row, const std::string& field,
                      const std::string& reason) { return sheet + " row " + row + " " + field + ": " + reason; };
  std::map<std::string, Finding> found;
  for (const auto& finding : book.findings) {
    if (finding.rejects) continue;
    found[key(sheets[finding.place.table], std::to_string(finding.place.row), finding.column,
              std::string(info(finding.reason).camel))] = finding;
  }
  for (const auto& expected : json_.at("warnings")) {
    const auto reason = expected.at("reason").get<std::string>();
    const auto name = key(expected.at("sheet"), expected.at("row").dump(), expected.at("field"), reason);
    const bool optional = reason == "formulaText" || expected.value("kind", "") == "alike";
    const auto at = found.find(name);
    if (at == found.end() && !optional) note("warnings: missing " + name);
    if (at == found.end()) continue;
    if (at->second.first.row != expected.value("first_row", 0u))
      note("warnings: " + name + " names row " + std::to_string(at->second.first.row));
    found.erase(at);
  }
  for (const auto& [name, finding] : found) note("warnings: not expected " + name + " (" + finding.value + ")");
}

}  // namespace holdfast::accounts::import_book
