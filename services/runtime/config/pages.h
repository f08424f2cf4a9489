#pragma once

#include <string>
#include <string_view>

#include "runtime/config/settings.h"

// What people read about the settings, all of it from the rows that declare them. No page shows a secret.
namespace holdfast::config {

// For --help.
std::string help_page(const Settings& settings, std::string_view program, std::string_view purpose);

// For docs/config.md: names, types, defaults and bounds, nothing of this process.
std::string markdown_page(const Settings& settings);

// For /configz: each value and where it came from, as one JSON document.
std::string configz(const Settings& settings);

}  // namespace holdfast::config
