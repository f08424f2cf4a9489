#include "command_line/progress.h"

#include <algorithm>
#include <ostream>

namespace holdfast::command_line {
namespace {

constexpr int bar_width = 40;
constexpr std::chrono::milliseconds redraw_every{50};

}  // namespace

Progress::~Progress() {
  if (shown_) err_ << "\r\033[K" << std::flush;
}

void Progress::show(double part, const std::string& where) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now - drawn_at_ < redraw_every) return;
  drawn_at_ = now;
  const auto filled = static_cast<size_t>(std::clamp(part, 0.0, 1.0) * bar_width);
  err_ << "\r\033[K[" << std::string(filled, '#') << std::string(bar_width - filled, '.') << "] "
       << static_cast<int>(std::clamp(part, 0.0, 1.0) * 100) << " %  " << where << std::flush;
}

}  // namespace holdfast::command_line
