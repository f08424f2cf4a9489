#include "runtime/core/mutant.h"

#ifdef HOLDFAST_MUTANTS

#include <cstdio>
#include <cstdlib>

namespace holdfast {
namespace {

std::string_view chosen() {
  const char* name = std::getenv("HOLDFAST_MUTANT");
  if (name == nullptr || *name == '\0') return {};
  std::fprintf(stderr, "HOLDFAST_MUTANT: THIS PROCESS HAS A BUG ON PURPOSE: %s\n", name);
  return name;
}

}  // namespace

bool mutant(std::string_view name) {
  static const std::string_view only = chosen();
  return only == name;
}

}  // namespace holdfast

#endif
