#pragma once

#include <string>
#include <string_view>

namespace holdfast::notifications {

// What somebody else's server said, for people to read: its first `max_bytes`, in which whatever is not plain ASCII
// text (its encoding is unknown) is a question mark.
std::string readable(std::string_view words, size_t max_bytes);

}  // namespace holdfast::notifications
