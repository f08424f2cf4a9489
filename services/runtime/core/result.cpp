#include "runtime/core/result.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace holdfast {
namespace {

constexpr std::array reasons{
#define REASON(name, upper, camel, code, retry, remedy) ReasonInfo{upper, camel, Code::code, Retry::retry, remedy},
#include "runtime/core/reasons.def"
#undef REASON
};

}  // namespace

const ReasonInfo& info(Reason reason) { return reasons.at(static_cast<size_t>(reason)); }

std::optional<Reason> reason_from_upper(std::string_view upper) {
  for (size_t index = 0; index < reasons.size(); ++index) {
    if (reasons[index].upper == upper) return static_cast<Reason>(index);
  }
  return std::nullopt;
}

std::string describe(const Error& error) {
  std::string text(info(error.reason).upper);
  text += ": " + error.message;
  for (const auto& violation : error.fields) text += " [" + violation.field + "]";
  return text + " (" + error.at.file_name() + ":" + std::to_string(error.at.line()) + ")";
}

void no_value(const Error& error) {
  std::fprintf(stderr, "holdfast: the value of a failure was used: %s\n", describe(error).c_str());
  std::abort();
}

Error fail(Reason reason, std::string message, std::source_location at) {
  return Error{reason, std::move(message), {}, at};
}

Error fail(Reason reason, std::string field, std::string message, std::source_location at) {
  FieldViolation violation{std::move(field), message};
  return Error{reason, std::move(message), {std::move(violation)}, at};
}

}  // namespace holdfast
