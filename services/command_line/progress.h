#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

namespace holdfast::command_line {

// One line that a terminal sees fill up; nothing at all elsewhere.
class Progress {
 public:
  // `shown`: a terminal reads `err`.
  Progress(std::ostream& err, bool shown) : err_(err), shown_(shown) {}
  ~Progress();  // leaves the line empty

  // `part` of 1, and where that is.
  void show(double part, const std::string& where);

 private:
  std::ostream& err_;
  const bool shown_;
  std::chrono::steady_clock::time_point drawn_at_{};
};

}  // namespace holdfast::command_line
