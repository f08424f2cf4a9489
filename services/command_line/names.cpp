#include "command_line/names.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace holdfast::command_line {
namespace {

std::string replaced(std::string_view name, char by) {
  std::string text(name);
  std::ranges::replace_if(
      text, [](char letter) { return letter == '_' || letter == '-'; }, by);
  return text;
}

}  // namespace

std::vector<std::string> split(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string dashed(std::string_view name) { return replaced(name, '-'); }
std::string spaced(std::string_view name) { return replaced(name, ' '); }

std::string word_of(std::string_view text) {
  auto word = dashed(text);
  std::ranges::transform(word, word.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return word;
}

std::string word_of_camel(std::string_view text) {
  std::string word;
  for (const char letter : text) {
    if (letter >= 'A' && letter <= 'Z') {
      word += '-';
      word += static_cast<char>(letter - 'A' + 'a');
    } else {
      word += letter;
    }
  }
  return word;
}

std::string word_of(const google::protobuf::EnumValueDescriptor& value) {
  // The first value is <NAME_OF_THE_ENUM>_UNSPECIFIED; what stands before its last word stands before all others.
  const std::string& first = value.type()->value(0)->name();
  const auto prefix = first.substr(0, first.rfind('_') + 1);
  std::string_view name = value.name();
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return word_of(name);
}

}  // namespace holdfast::command_line
