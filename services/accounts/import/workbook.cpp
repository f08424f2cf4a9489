#include "accounts/import/workbook.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "accounts/import/text.h"
#include "accounts/import/xml.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts::import_book {
namespace {

int number(std::string_view text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Result<Unit> parse_part(const Workbook& book, const std::string& part, XmlHandler& handler) {
  XmlParser parser(part, handler, book.limits);
  Result<Unit> fed;
  CHECK_OK(book.archive.read(part, [&](std::string_view piece) {
    fed = parser.feed(piece);
    return fed.has_value();
  }));
  CHECK_OK(std::move(fed));
  return parser.finish();
}

// xl/workbook.xml names the sheets; its .rels says in which parts they are.
struct SheetList : XmlHandler {
  struct Entry {
    std::string name, relation;
    bool hidden;
  };
  std::vector<Entry> entries;
  bool from_1904 = false;

  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "sheet") {
      const auto state = attributes.get("state");
      entries.push_back({std::string(attributes.get("name")), std::string(attributes.get("id")),
                         state == "hidden" || state == "veryHidden"});
    }
    if (name == "workbookPr") {
      const auto flag = attributes.get("date1904");
      from_1904 = flag == "1" || flag == "true";
    }
  }
  void end(std::string_view) override {}
};

struct Relations : XmlHandler {
  struct Target {
    std::string type, target;
  };
  std::map<std::string, Target, std::less<>> by_id;

  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "Relationship" || attributes.get("TargetMode") == "External") return;
    const auto type = attributes.get("Type");
    by_id[std::string(attributes.get("Id"))] = {std::string(type.substr(type.rfind('/') + 1)),
                                                std::string(attributes.get("Target"))};
  }
  void end(std::string_view) override {}
};

// A format shows dates when its code names days or years outside quotes, brackets and escapes.
bool shows_dates(std::string_view code) {
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = static_cast<char>(std::tolower(static_cast<unsigned char>(code[at])));
    if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == ']')) {
      bracketed = c == '[';
    } else if (!quoted && !bracketed && (c == 'd' || c == 'y')) {
      return true;
    }
  }
  return false;
}

bool built_in_date(int format) {
  return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 31) || format == 36 ||
         (format >= 50 && format <= 54) || format == 57 || format == 58;
}

struct Styles : XmlHandler {
  const Limits& limits;
  std::set<int> date_formats;
  bool in_cell_formats = false;
  std::vector<bool> dates;

  explicit Styles(const Limits& bound) : limits(bound) {}

  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "numFmt" && shows_dates(attributes.get("formatCode"))) {
      date_formats.insert(number(attributes.get("numFmtId"), -1));
    }
    if (name == "cellXfs") in_cell_formats = true;
    if (name != "xf" || !in_cell_formats) return;
    if (dates.size() == limits.styles) return report(fail(Reason::file_too_large, "the workbook has too many styles"));
    const int format = number(attributes.get("numFmtId"), 0);
    dates.push_back(built_in_date(format) || date_formats.contains(format));
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cell_formats = false;
  }
};

struct StringTable : XmlHandler {
  const Limits& limits;
  SharedStrings strings;
  std::string current;
  bool in_text = false;
  int phonetic = 0;  // rPh holds how to pronounce the text, not the text
  bool too_long = false;

  explicit StringTable(const Limits& bound) : limits(bound) {}

  void start(std::string_view name, const Attributes&) override {
    if (name == "si") {
      current.clear();
      too_long = false;
    }
    if (name == "rPh") ++phonetic;
    in_text = name == "t" && phonetic == 0;
  }
  void end(std::string_view name) override {
    if (name == "t") in_text = false;
    if (name == "rPh") --phonetic;
    if (name != "si") return;
    strings.add(unescaped(current), too_long);
    if (strings.bytes() > limits.shared_string_bytes) {
      report(fail(Reason::file_too_large, "the workbook's texts exceed " + bytes_text(limits.shared_string_bytes)));
    }
  }
  void text(std::string_view piece) override {
    if (!in_text) return;
    current += piece;
    if (current.size() <= limits.cell_bytes) return;
    current = clipped(current, limits.cell_bytes);
    too_long = true;
  }
};

// A target is a path from the workbook's folder, or from the root when it begins with a slash.
std::string resolved(std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  if (target.starts_with("../")) return std::string(target.substr(3));
  return "xl/" + std::string(target);
}

Result<Unit> read_sheet_list(Workbook& book, std::string& strings_part, std::string& styles_part) {
  SheetList list;
  Relations relations;
  CHECK_OK(parse_part(book, "xl/workbook.xml", list));
  CHECK_OK(parse_part(book, "xl/_rels/workbook.xml.rels", relations));
  if (list.entries.size() > book.limits.sheets) return fail(Reason::file_too_large, "the workbook has too many sheets");
  if (list.from_1904) book.serial_zero = serial_zero_1904;
  for (auto& entry : list.entries) {
    const auto found = relations.by_id.find(entry.relation);
    if (found == relations.by_id.end()) return fail(Reason::file_damaged, "sheet " + entry.name + " has no part");
    if (found->second.type != "worksheet") continue;  // charts, dialogs
    book.sheets.push_back({std::move(entry.name), resolved(found->second.target), entry.hidden});
  }
  for (const auto& [id, relation] : relations.by_id) {
    if (relation.type == "sharedStrings") strings_part = resolved(relation.target);
    if (relation.type == "styles") styles_part = resolved(relation.target);
  }
  return Unit{};
}

}  // namespace

void SharedStrings::add(std::string_view text, bool too_long) {
  const auto place = spool_.append((too_long ? '!' : ' ') + std::string(text));
  if (count_++ % texts_a_place == 0) places_.push_back(place);
  bytes_ += text.size() + sizeof(SpoolPlace);
}

bool SharedStrings::get(std::size_t index, std::string& text, bool& too_long) const {
  if (index >= count_) return false;
  auto place = places_[index / texts_a_place];
  for (auto before = index % texts_a_place; before > 0; --before) place = spool_.next(place);
  text = spool_.read(place);
  too_long = text.starts_with('!');
  if (!text.empty()) text.erase(0, 1);  // of a spool that has failed it is empty
  return true;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned code = 0;
    const auto* digits = text.data() + at + 2;
    const bool escape = text.size() - at >= 7 && text[at] == '_' && text[at + 1] == 'x' && text[at + 6] == '_' &&
                        std::from_chars(digits, digits + 4, code, 16).ptr == digits + 4;
    if (escape && (code < 0x20 || code == '_')) {
      if (code != 0) out += static_cast<char>(code);
      at += 6;
    } else {
      out += text[at];
    }
  }
  return out;
}

Result<std::shared_ptr<const Workbook>> open_workbook(const std::string& path, const Limits& limits) {
  auto book = std::make_shared<Workbook>(Workbook{TRY(ZipArchive::open(path, limits)), limits, {}, {}, {}, {}});
  book->serial_zero = serial_zero_1900;
  if (!book->archive.has("xl/workbook.xml")) {
    return fail(Reason::file_damaged, "the .zip file holds no Excel workbook (.xlsx)");
  }
  std::string strings_part;
  std::string styles_part;
  CHECK_OK(read_sheet_list(*book, strings_part, styles_part));
  if (!styles_part.empty()) {
    Styles styles(limits);
    CHECK_OK(parse_part(*book, styles_part, styles));
    book->date_styles = std::move(styles.dates);
  }
  if (!strings_part.empty()) {
    StringTable table(limits);
    CHECK_OK(parse_part(*book, strings_part, table));
    CHECK_OK(table.strings.state());
    book->strings = std::move(table.strings);
  }
  return std::shared_ptr<const Workbook>(std::move(book));
}

}  // namespace holdfast::accounts::import_book
