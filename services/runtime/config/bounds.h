#pragma once

#include <string>

#include "runtime/config/settings.h"

// What a row allows, and how its values and bounds read.
namespace holdfast::config {

bool within_bounds(const Row& row, const Value& value);

// "a whole number from 1 to 200"
std::string bounds_text(const Row& row);

// "text", "integer", …: one word.
std::string_view type_name(const Row& row);

// As it would be given on the command line; a secret that is set reads "***".
std::string value_text(const Value& value);

}  // namespace holdfast::config
