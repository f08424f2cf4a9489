#pragma once

#include <string>

namespace holdfast::fuzz {

// Reads the file as an import does, with its columns recognised, and requires what accounts/import promises of any
// file.
void read_book(const std::string& path, const std::string& name);

}  // namespace holdfast::fuzz
