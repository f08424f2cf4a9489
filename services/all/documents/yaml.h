#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace holdfast::documents {

// The document in YAML's block style, members in their order. Texts stand in double quotes unless they are plain words.
std::string to_yaml(const nlohmann::ordered_json& document);

}  // namespace holdfast::documents
