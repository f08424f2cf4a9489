#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "accounts/import/mapping.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts::import_book {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t mapping_bytes_limit = 1 << 20;

// A value of the document and the way to it, for errors.
struct Node {
  const Json& json;
  std::string path;

  Error wrong(const std::string& what) const { return fail(Reason::mapping_invalid, path, path + ": " + what); }
  Node at(const std::string& key) const { return {json.at(key), path.empty() ? key : path + "." + key}; }
};

Result<std::string> read_text(const Node& node) {
  if (!node.json.is_string()) return node.wrong("must be a text");
  return node.json.get<std::string>();
}

Result<std::vector<std::string>> read_texts(const Node& node) {
  if (node.json.is_string()) return std::vector{node.json.get<std::string>()};
  if (!node.json.is_array()) return node.wrong("must be a list of texts");
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < node.json.size(); ++at) {
    texts.push_back(TRY(read_text(Node{node.json[at], node.path + "[" + std::to_string(at) + "]"})));
  }
  return texts;
}

using Words = std::vector<std::pair<std::string, std::vector<std::string>>>;

Result<Words> read_words(const Node& node) {
  if (!node.json.is_object()) return node.wrong("must be an object of lists");
  Words words;
  for (const auto& [meaning, written] : node.json.items())
    words.emplace_back(meaning, TRY(read_texts(node.at(meaning))));
  return words;
}

Result<Field> read_field(const std::string& name, const Node& node) {
  const auto field = field_named(name);
  if (!field) return node.wrong("there is no field of this name");
  return *field;
}

Result<std::vector<Field>> read_fields(const Node& node) {
  std::vector<Field> fields;
  for (const auto& name : TRY(read_texts(node))) fields.push_back(TRY(read_field(name, node)));
  return fields;
}

Result<DialectHint> read_dialect(const Node& sheet) {
  DialectHint hint;
  if (sheet.json.contains("encoding")) {
    const auto node = sheet.at("encoding");
    const auto name = TRY(read_text(node));
    if (name == "utf-8" || name == "utf-8-sig")
      hint.encoding = Encoding::utf_8;
    else if (name == "cp1252" || name == "windows-1252")
      hint.encoding = Encoding::windows_1252;
    else
      return node.wrong("must be utf-8 or windows-1252");
  }
  if (sheet.json.contains("delimiter")) {
    const auto node = sheet.at("delimiter");
    const auto text = TRY(read_text(node));
    if (text.size() != 1 || std::string_view(",;\t|").find(text[0]) == std::string_view::npos) {
      return node.wrong("must be a comma, a semicolon, a tab or a bar");
    }
    hint.delimiter = text[0];
  }
  return hint;
}

Result<std::vector<std::uint32_t>> read_header_rows(const Node& node) {
  std::vector<std::uint32_t> rows;
  if (!node.json.is_array()) return node.wrong("must be a list of row numbers");
  for (const auto& row : node.json) {
    if (!row.is_number_unsigned() || row.get<std::uint64_t>() == 0 || row.get<std::uint64_t>() > 1'000'000) {
      return node.wrong("must be row numbers from 1");
    }
    rows.push_back(row.get<std::uint32_t>());
  }
  return rows;
}

Result<Unit> read_columns(const Node& node, SheetMapping& sheet) {
  if (!node.json.is_object()) return node.wrong("must be an object of headings by field");
  for (const auto& [name, heading] : node.json.items()) {
    const auto field = TRY(read_field(name, node.at(name)));
    sheet.columns[field] = TRY(read_texts(node.at(name)));
  }
  return Unit{};
}

Result<Unit> read_defaults(const Node& node, SheetMapping& sheet) {
  if (!node.json.is_object()) return node.wrong("must be an object of values by field");
  for (const auto& [name, value] : node.json.items()) {
    const auto field = TRY(read_field(name, node.at(name)));
    sheet.defaults[field] =
        value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : TRY(read_text(node.at(name)));
  }
  return Unit{};
}

Result<DateOrder> read_date_order(const Node& node) {
  const auto name = TRY(read_text(node));
  if (name == "mdy") return DateOrder::month_first;
  if (name == "dmy") return DateOrder::day_first;
  if (name == "ymd") return DateOrder::year_first;
  return node.wrong("must be mdy, dmy or ymd");
}

Result<RowKind> read_row_kind(const Node& node) {
  const auto name = TRY(read_text(node));
  for (int kind = 0; kind <= static_cast<int>(RowKind::port_or_disconnect); ++kind) {
    if (name_of(static_cast<RowKind>(kind)) == name) return static_cast<RowKind>(kind);
  }
  return node.wrong("'" + name + "' is no kind of row");
}

Result<SheetMapping> read_sheet(const std::string& name, const Node& node) {
  if (!node.json.is_object()) return node.wrong("must be an object");
  SheetMapping sheet;
  sheet.name = name;
  sheet.dialect = TRY(read_dialect(node));
  for (const auto& [key, value] : node.json.items()) {
    const auto child = node.at(key);
    if (key == "file")
      sheet.file = TRY(read_text(child));
    else if (key == "header_rows")
      sheet.header_rows = TRY(read_header_rows(child));
    else if (key == "dates")
      sheet.dates = TRY(read_date_order(child));
    else if (key == "row_is")
      sheet.row_is = TRY(read_row_kind(child));
    else if (key == "columns")
      CHECK_OK(read_columns(child, sheet));
    else if (key == "continues_when_empty")
      sheet.continues_when_empty = TRY(read_fields(child));
    else if (key == "required")
      sheet.required = TRY(read_fields(child));
    else if (key == "defaults")
      CHECK_OK(read_defaults(child, sheet));
    else if (key == "values") {
      for (const auto& [field, words] : value.items()) {
        const auto of_field = child.at(field);
        sheet.values[TRY(read_field(field, of_field))] = TRY(read_words(of_field));
      }
    } else if (key != "encoding" && key != "delimiter") {
      return child.wrong("there is no such setting of a sheet");
    }
  }
  if (!node.json.contains("row_is")) return node.wrong("row_is is missing: what a row of the sheet stands for");
  if (sheet.columns.empty()) return node.wrong("columns is missing: the headings by field");
  return sheet;
}

// 69, or a sentence that begins with it: "00-69 are 2000-2069".
Result<int> read_last_year(const Node& node) {
  int year = -1;
  if (node.json.is_number_integer()) year = node.json.get<int>();
  if (node.json.is_string()) {
    const auto text = node.json.get<std::string>();
    if (text.starts_with("00-")) std::from_chars(text.data() + 3, text.data() + text.size(), year);
  }
  if (year < 0 || year > 99) return node.wrong("must be the last two-digit year of the 2000s, such as 69");
  return year;
}

Json words_json(const Words& words) {
  Json json = Json::object();
  for (const auto& [meaning, written] : words) json[meaning] = written;
  return json;
}

Json sheet_json(const SheetMapping& sheet) {
  Json json = Json::object();
  if (!sheet.file.empty()) json["file"] = sheet.file;
  if (sheet.dialect.encoding) json["encoding"] = *sheet.dialect.encoding == Encoding::utf_8 ? "utf-8" : "windows-1252";
  if (sheet.dialect.delimiter) json["delimiter"] = std::string(1, *sheet.dialect.delimiter);
  if (!sheet.header_rows.empty()) json["header_rows"] = sheet.header_rows;
  json["dates"] = sheet.dates == DateOrder::month_first ? "mdy" : sheet.dates == DateOrder::day_first ? "dmy" : "ymd";
  json["row_is"] = name_of(sheet.row_is);
  for (const auto& [field, headings] : sheet.columns) {
    auto& entry = json["columns"][std::string(name_of(field))];
    if (headings.size() == 1)
      entry = headings[0];
    else
      entry = headings;
  }
  for (const auto field : sheet.continues_when_empty) json["continues_when_empty"].push_back(name_of(field));
  for (const auto field : sheet.required) json["required"].push_back(name_of(field));
  for (const auto& [field, value] : sheet.defaults) json["defaults"][std::string(name_of(field))] = value;
  for (const auto& [field, words] : sheet.values) json["values"][std::string(name_of(field))] = words_json(words);
  return json;
}

Result<Mapping> read_document(const Json& json) {
  Mapping mapping = empty_mapping();
  const Node root{json, ""};
  if (!json.is_object()) return fail(Reason::mapping_invalid, "the mapping must be a JSON object");
  for (const auto& [key, value] : json.items()) {
    const auto node = root.at(key);
    if (key == "two_digit_years")
      mapping.last_year_of_2000s = TRY(read_last_year(node));
    else if (key == "carriers")
      mapping.carriers = TRY(read_words(node));
    else if (key == "words") {
      for (auto& [meaning, written] : TRY(read_words(node))) {
        if (meaning == "unknown")
          mapping.unknown = std::move(written);
        else if (meaning == "open_ended")
          mapping.open_ended = std::move(written);
        else if (meaning == "zero")
          mapping.zero = std::move(written);
        else
          return node.at(meaning).wrong("must be unknown, open_ended or zero");
      }
    } else if (key == "sheets") {
      if (!value.is_object()) return node.wrong("must be an object");
      for (const auto& [name, sheet] : value.items()) mapping.sheets.push_back(TRY(read_sheet(name, node.at(name))));
    } else if (key != "about") {
      return node.wrong("there is no such setting");
    }
  }
  if (mapping.sheets.empty()) return fail(Reason::mapping_invalid, "sheets", "sheets: names no sheet");
  return mapping;
}

}  // namespace

Result<Mapping> read_mapping(std::string_view json) {
  if (json.size() > mapping_bytes_limit)
    return fail(Reason::mapping_invalid, "the mapping exceeds " + bytes_text(mapping_bytes_limit));
  try {
    return read_document(Json::parse(json));
  } catch (const Json::exception& error) {
    return fail(Reason::mapping_invalid, std::string("the mapping is no JSON: ") + error.what());
  }
}

std::string write_mapping(const Mapping& mapping) {
  Json json = Json::object();
  json["about"] =
      "Left: Holdfast's field. Right: the heading in the sheet; of several, the first that is not empty counts.";
  json["two_digit_years"] = mapping.last_year_of_2000s;
  json["words"] = {{"unknown", mapping.unknown}, {"open_ended", mapping.open_ended}, {"zero", mapping.zero}};
  json["carriers"] = words_json(mapping.carriers);
  for (const auto& sheet : mapping.sheets) json["sheets"][sheet.name] = sheet_json(sheet);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace holdfast::accounts::import_book
