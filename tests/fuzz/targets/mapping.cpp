// A mapping file, as a user edited it.
#include "accounts/import/mapping.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace holdfast::accounts::import_book;
  const auto mapping = read_mapping(holdfast::fuzz::text_of(data, size));
  if (!mapping) return 0;
  const auto written = write_mapping(*mapping);
  const auto again = read_mapping(written);
  holdfast::fuzz::require(again.has_value(), "a mapping that was written can be read", written);
  holdfast::fuzz::require(write_mapping(*again) == written, "and says the same", written);
  return 0;
}
