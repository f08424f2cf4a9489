#include <fmt/format.h>

#include "all/documents/markdown.h"
#include "all/documents/pages.h"
#include "runtime/core/result.h"
#include "runtime/rpc/status.h"

namespace holdfast::documents {
namespace {

constexpr Reason reasons[] = {
#define REASON(name, upper, camel, code, retry, remedy) Reason::name,
#include "runtime/core/reasons.def"
#undef REASON
};

std::string_view advice(Retry retry) {
  switch (retry) {
    case Retry::never:
      return "no";
    case Retry::backoff:
      return "yes, after a pause";
    case Retry::after_refresh:
      return "after reading anew";
  }
  return "";
}

}  // namespace

std::string reasons_page() {
  std::string page = "# Reasons\n\n" + generated_note() +
                     "Why a request was refused, a row rejected or an event set aside: the list is closed. Over gRPC "
                     "the reason stands "
                     "in a\n`google.rpc.ErrorInfo` of the domain `holdfast`, the fields at fault in a `BadRequest`, "
                     "and the pause in a "
                     "`RetryInfo`.\n\n"
                     "| reason | in files | status | repeat the same? | what to do |\n|---|---|---|---|---|\n";
  for (const auto reason : reasons) {
    const auto& about = info(reason);
    page += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", about.upper, about.camel, rpc::code_name(about.code),
                        advice(about.retry), cell(about.remedy));
  }
  return page;
}

}  // namespace holdfast::documents
