// A delimited file as a user gives it to `holdfast import`.
#include "tests/fuzz/book_promises.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const holdfast::fuzz::MemoryFile file(holdfast::fuzz::text_of(data, size));
  holdfast::fuzz::read_book(file.path(), "Customers.csv");
  return 0;
}
