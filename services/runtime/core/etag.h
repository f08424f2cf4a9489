#pragma once

#include <string>

#include "runtime/core/result.h"

namespace holdfast {

// `etag` is the version that the caller saw, as text; empty is whatever it is by now. ETAG_STALE.
template <class Resource>
Result<> check_etag(const Resource& resource, const std::string& etag) {
  const auto version = std::to_string(resource.version);
  if (etag.empty() || etag == version) return {};
  return fail(Reason::etag_stale, "etag", "is " + etag + "; the version is " + version);
}

}  // namespace holdfast
