#include "command_line/field_words.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "command_line/field_comments.h"
#include "command_line/names.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::string_view in_days = "_days";

// Help is read in lines: of a longer comment the sentences that fit.
constexpr size_t longest_help = 110;

// What these mean is the same everywhere.
struct Known {
  std::string_view field, text;
};
constexpr std::array known{
    Known{"request_id", "a repeat with it is answered as the first time; made anew when none is given"},
    Known{"validate_only", "check everything and change nothing"},
    Known{"etag", "the version that you have read: refused when it has changed since"},
};

// The endings of names whose text is a legal date.
constexpr std::array of_dates{"_date", "_on", "_start", "_end", "_day", "until"};

// With which a comment begins that leaves to the field's name what it is.
constexpr std::array<std::string_view, 4> bare_beginnings{"at most ", "YYYY-", "ISO ", "IANA"};

std::string_view comment_of(const FieldDescriptor* field) {
  if (!field) return "";
  const std::string_view name = field->full_name();
  const auto found = std::ranges::lower_bound(field_comments, name, {}, &FieldComment::field);
  return found == field_comments.end() || found->field != name ? "" : found->comment;
}

// Where a sentence of this length has to be cut, so that it still says something: at its first colon or semicolon.
std::string_view in_short(std::string_view sentence) {
  return sentence.size() <= longest_help ? sentence : sentence.substr(0, sentence.find_first_of(":;"));
}

// "At most 200 bytes of `term_start`" -> "at most 200 bytes of term-start", as the flag is named; "IANA" stays.
std::string in_running_text(std::string_view sentence) {
  std::string text(sentence);
  std::erase(text, '`');
  for (size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == '_' && std::islower(static_cast<unsigned char>(text[at + 1]))) text[at] = '-';
  }
  const bool capital_alone = text.size() > 1 && std::isupper(static_cast<unsigned char>(text[0])) &&
                             !std::isupper(static_cast<unsigned char>(text[1])) &&
                             !std::isdigit(static_cast<unsigned char>(text[1]));
  if (capital_alone) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  while (!text.empty() && std::string_view(".,;:").find(text.back()) != std::string_view::npos) text.pop_back();
  return text;
}

// The sentences that help has room for; a reason's bare name is for programs.
std::string sentences_of(std::string_view comment) {
  std::string help;
  while (!comment.empty()) {
    const auto end = std::min(comment.find(". "), comment.size());
    const auto sentence = in_running_text(in_short(comment.substr(0, end)));
    comment.remove_prefix(std::min(end + 2, comment.size()));
    const bool is_reason = std::ranges::none_of(sentence, [](unsigned char letter) { return std::islower(letter); }) &&
                           sentence.find('_') != std::string::npos;
    if (is_reason || sentence.empty()) continue;
    if (!help.empty() && help.size() + sentence.size() > longest_help) break;
    help += (help.empty() ? "" : "; ") + sentence;
  }
  return help;
}

std::string by_name(const FieldDescriptor& field) {
  const std::string_view name = field.name();
  if (name == "id") return "which one";
  if (name.ends_with("_id")) return "which " + spaced(name.substr(0, name.size() - 3));
  if (name.ends_with("_ids")) return "which " + spaced(name.substr(0, name.size() - 4)) + "s";
  return "its " + spaced(name);
}

// How a value is written, unless the text says so.
std::string form_of(const FieldDescriptor& field, const std::string& text) {
  const auto placeholder = placeholder_of(field);
  if (text.find(" as \"") != std::string::npos || text.find("YYYY") != std::string::npos) return "";
  if (placeholder == "INSTANT") return ", as 2026-01-05T09:00:00Z";
  if (placeholder == "DATE") return ", as 2026-01-05";
  if (placeholder == "DAYS") return ", as 90d";
  if (placeholder == "ZONE") return ", as America/New_York";
  if (placeholder == "JSON") return ", as JSON, once for each element";
  return "";
}

}  // namespace

bool is_message(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

bool is_instant(const FieldDescriptor& field) {
  return is_message(field) && field.message_type()->full_name() == "google.protobuf.Timestamp";
}

bool is_in_days(const FieldDescriptor& field) { return std::string_view(field.name()).ends_with(in_days); }

std::string placeholder_of(const FieldDescriptor& field) {
  if (is_instant(field)) return "INSTANT";
  if (is_in_days(field)) return "DAYS";
  if (is_message(field)) return "JSON";
  const auto type = field.cpp_type();
  if (type == FieldDescriptor::CPPTYPE_BOOL || type == FieldDescriptor::CPPTYPE_ENUM) return "";
  if (type != FieldDescriptor::CPPTYPE_STRING) return "NUMBER";
  const std::string_view name = field.name();
  if (name == "id" || name.ends_with("_id") || name.ends_with("_ids")) return "ID";
  if (name.ends_with("time_zone")) return "ZONE";
  return std::ranges::any_of(of_dates, [&](std::string_view ending) { return name.ends_with(ending); }) ? "DATE"
                                                                                                        : "TEXT";
}

std::string described(const FieldDescriptor& field, const Descriptor* answer) {
  const auto common = std::ranges::find(known, std::string_view(field.name()), &Known::field);
  if (common != known.end()) return std::string(common->text);
  auto text = sentences_of(comment_of(&field));
  if (text.empty() && answer) text = sentences_of(comment_of(answer->FindFieldByName(field.name())));
  // A bare limit or form does not say of what.
  const bool bare = std::ranges::any_of(bare_beginnings, [&](std::string_view one) { return text.starts_with(one); });
  const bool says_what = !text.empty() && !bare && !std::isdigit(static_cast<unsigned char>(text[0]));
  if (!says_what) text = by_name(field) + (text.empty() ? "" : "; ") + text;
  return text + form_of(field, text);
}

}  // namespace holdfast::command_line
