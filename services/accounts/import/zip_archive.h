#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/limits.h"
#include "runtime/core/result.h"

namespace holdfast::accounts::import_book {

// The parts of a .zip file, unpacked piece by piece. What the archive says of itself is not believed: sizes are counted
// while unpacking, against Limits. Each read opens the file anew, so readers share nothing. Blocks on the file system.
class ZipArchive {
 public:
  static Result<ZipArchive> open(const std::string& path, const Limits& limits);

  bool has(std::string_view part) const;  // without regard to case, as Excel looks for parts

  // Hands the part over in pieces until `sink` returns false. Fails when the part is missing, damaged or too large.
  Result<Unit> read(std::string_view part, const std::function<bool(std::string_view)>& sink) const;

 private:
  ZipArchive(std::string path, std::vector<std::string> parts, const Limits& limits)
      : path_(std::move(path)), parts_(std::move(parts)), limits_(limits) {}

  std::string path_;
  std::vector<std::string> parts_;
  Limits limits_;
};

}  // namespace holdfast::accounts::import_book
