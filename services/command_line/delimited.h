#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/core/result.h"

namespace holdfast::command_line {

// A row by the headings of its columns.
using Record = std::map<std::string, std::string, std::less<>>;

// A comma-separated file with a header, as RFC 4180 has it. FILE_UNKNOWN when it cannot be read, FILE_DAMAGED when a
// row has other columns than the header or a quote is not closed.
Result<std::vector<Record>> read_records(const std::string& path);

}  // namespace holdfast::command_line
