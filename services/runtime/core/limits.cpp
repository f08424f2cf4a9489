#include "runtime/core/limits.h"

#include <fmt/format.h>

#include <utility>

namespace holdfast {

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::uint64_t kibibyte = 1 << 10, mebibyte = 1 << 20;
  if (bytes != 0 && bytes % mebibyte == 0) return fmt::format("{} MiB", bytes / mebibyte);
  if (bytes != 0 && bytes % kibibyte == 0) return fmt::format("{} KiB", bytes / kibibyte);
  return fmt::format("{} bytes", bytes);
}

Error too_long(std::string field, size_t limit_bytes, std::source_location at) {
  return fail(Reason::field_too_long, std::move(field), "has more than " + bytes_text(limit_bytes), at);
}

Result<> check_size(std::string field, std::string_view text, size_t limit_bytes, std::source_location at) {
  if (text.size() <= limit_bytes) return {};
  return too_long(std::move(field), limit_bytes, at);
}

Error too_many(std::string field, size_t limit, std::string_view things, std::source_location at) {
  return fail(Reason::field_out_of_range, std::move(field), fmt::format("has more than {} {}", limit, things), at);
}

Error outside(std::string field, std::int64_t least, std::int64_t most, std::string_view unit,
              std::source_location at) {
  return fail(Reason::field_out_of_range, std::move(field), fmt::format("is {} to {} {}", least, most, unit), at);
}

}  // namespace holdfast
