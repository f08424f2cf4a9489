// The bytes of an .xlsx file: the archive itself, whose parts are mostly those of the seed.
#include "tests/fuzz/book_promises.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const holdfast::fuzz::MemoryFile file(holdfast::fuzz::text_of(data, size));
  holdfast::fuzz::read_book(file.path(), "book.xlsx");
  return 0;
}
