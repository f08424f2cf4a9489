#include "all/documents/yaml.h"

#include <cctype>
#include <set>

namespace holdfast::documents {
namespace {

using nlohmann::ordered_json;

// Words that YAML would read as something else than a text.
bool is_plain(const std::string& text) {
  static const std::set<std::string> taken{"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  if (text.empty() || !std::isalpha(static_cast<unsigned char>(text[0])) || taken.contains(text)) return false;
  for (const char character : text) {
    const bool word = std::isalnum(static_cast<unsigned char>(character)) || character == '_' || character == '.' ||
                      character == '-' || character == '/';
    if (!word) return false;
  }
  return true;
}

// A text in JSON's quotes is one in YAML's too.
std::string scalar(const ordered_json& value) {
  if (value.is_string() && is_plain(value.get<std::string>())) return value.get<std::string>();
  if (value.is_object()) return "{}";
  if (value.is_array()) return "[]";
  return value.dump();
}

bool is_block(const ordered_json& value) { return value.is_structured() && !value.empty(); }

// Each line indented; the first only if the cursor stands at the beginning of one.
void write(const ordered_json& value, size_t depth, bool first_is_indented, std::string& yaml) {
  const std::string indent(depth * 2, ' ');
  if (value.is_array()) {
    for (const auto& element : value) {
      yaml += indent + "-";
      if (is_block(element)) {
        yaml += " ";
        write(element, depth + 1, true, yaml);
      } else {
        yaml += " " + scalar(element) + "\n";
      }
    }
    return;
  }
  for (const auto& [name, member] : value.items()) {
    yaml += (first_is_indented ? "" : indent) + scalar(name) + ":";
    first_is_indented = false;
    if (is_block(member)) {
      yaml += "\n";
      write(member, depth + 1, false, yaml);
    } else {
      yaml += " " + scalar(member) + "\n";
    }
  }
}

}  // namespace

std::string to_yaml(const ordered_json& document) {
  std::string yaml;
  write(document, 0, false, yaml);
  return yaml;
}

}  // namespace holdfast::documents
