#include "notifications/domain/readable.h"

#include <algorithm>

namespace holdfast::notifications {

std::string readable(std::string_view words, size_t max_bytes) {
  std::string text(words.substr(0, max_bytes));
  std::ranges::replace_if(
      text, [](unsigned char c) { return (c < ' ' && c != '\n' && c != '\t') || c > '~'; }, '?');
  return text;
}

}  // namespace holdfast::notifications
