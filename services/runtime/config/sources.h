#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/config/settings.h"

// The two sources with a form of their own, read before anybody knows which settings exist.
namespace holdfast::config {

constexpr size_t longest_file_bytes = 1 << 20;

// What was given, by the setting's name; and what could not be understood.
struct Given {
  std::map<std::string, std::string> values;
  std::vector<FieldViolation> problems;
};

// --name=value or --name value; a flag without a value reads "true". `is_switch` says which names never take the next
// argument for their value.
template <class IsSwitch>
Given read_flags(std::span<const std::string> arguments, IsSwitch is_switch) {
  Given given;
  for (size_t index = 0; index < arguments.size(); ++index) {
    const std::string& argument = arguments[index];
    if (!argument.starts_with("--") || argument.size() == 2) {
      given.problems.push_back(
          {argument, "argument '" + argument + "' is no flag: settings are given as --name=value"});
      continue;
    }
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
    std::string value = equals == std::string::npos ? "true" : argument.substr(equals + 1);
    if (equals == std::string::npos && !is_switch(name)) {
      if (index + 1 == arguments.size()) {
        given.problems.push_back({name, "flag --" + name + " needs a value"});
        continue;
      }
      value = arguments[++index];
    }
    if (!given.values.emplace(name, std::move(value)).second) {
      given.problems.push_back({name, "flag --" + name + " is given twice"});
    }
  }
  return given;
}

// A JSON object whose nesting spells the names: {"tickets": {"db": {"pool_size": 16}}}. Blocks while it reads.
Given read_json_file(const std::string& path);

// The whole of a small file: longer than the limit is an error.
Result<std::string> read_file(const std::string& path, size_t limit_bytes);

}  // namespace holdfast::config
