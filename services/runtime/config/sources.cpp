#include "runtime/config/sources.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace holdfast::config {
namespace {

using nlohmann::json;

// Deeper than any name has parts; a file of nothing but braces ends here and not with the stack.
constexpr int deepest_object = 16;

void collect(const json& node, const std::string& name, const std::string& path, int depth, Given& given) {
  if (node.is_object() && depth == deepest_object) {
    given.problems.push_back({"config", "file " + path + " nests objects deeper than " + std::to_string(depth)});
    return;
  }
  if (node.is_object()) {
    for (const auto& [key, child] : node.items()) {
      collect(child, name.empty() ? key : name + "." + key, path, depth + 1, given);
    }
    return;
  }
  if (node.is_null() || node.is_array()) {
    given.problems.push_back({name, "setting '" + name + "' (file " + path + ") is a JSON " + node.type_name() +
                                        ": give a text, a number, true or false"});
    return;
  }
  if (!given.values.emplace(name, node.is_string() ? node.get<std::string>() : node.dump()).second) {
    given.problems.push_back({name, "setting '" + name + "' is given twice (file " + path + ")"});
  }
}

// The parser keeps the last of two equal keys and says nothing; this remembers them object by object.
class DuplicateKeys {
 public:
  bool operator()(int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end) keys_.pop_back();
    if (event == json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      found_.push_back(parsed.get<std::string>());
    }
    return true;
  }

  const std::vector<std::string>& found() const { return found_; }

 private:
  std::vector<std::set<std::string>> keys_;
  std::vector<std::string> found_;
};

}  // namespace

Result<std::string> read_file(const std::string& path, size_t limit_bytes) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(Reason::setting_invalid, "cannot open " + path + ": " + std::strerror(errno));
  std::string text(limit_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return fail(Reason::setting_invalid, "cannot read " + path + ": " + std::strerror(errno));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (text.size() > limit_bytes) {
    return fail(Reason::setting_invalid, path + " is longer than " + std::to_string(limit_bytes) + " bytes");
  }
  return text;
}

Given read_json_file(const std::string& path) {
  Given given;
  const auto text = read_file(path, longest_file_bytes);
  if (!text) {
    given.problems.push_back({"config", text.error().message});
    return given;
  }
  DuplicateKeys duplicates;
  try {
    const json document = json::parse(*text, std::ref(duplicates));
    if (document.is_object()) {
      collect(document, "", path, 0, given);
    } else {
      given.problems.push_back({"config", "file " + path + " holds no JSON object"});
    }
  } catch (const json::exception& problem) {
    given.problems.push_back({"config", "file " + path + " is not JSON: " + problem.what()});
  }
  for (const auto& key : duplicates.found()) {
    given.problems.push_back({key, "key '" + key + "' stands twice in one object (file " + path + ")"});
  }
  return given;
}

}  // namespace holdfast::config
