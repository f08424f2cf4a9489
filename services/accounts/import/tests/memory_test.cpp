#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "accounts/import/propose.h"
#include "accounts/import/read_file.h"
#include "accounts/import/tests/made_files.h"

namespace {

thread_local std::int64_t held = 0, most_held = 0;  // bytes

}  // namespace

// Not inlined, else g++ 12 takes malloc's and free's for a pair that does not match.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  void* const given = std::malloc(bytes);
  if (!given) throw std::bad_alloc();
  held += static_cast<std::int64_t>(::malloc_usable_size(given));
  most_held = std::max(most_held, held);
  return given;
}
// Else the address sanitizer has one of its own.
[[gnu::noinline]] void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  try {
    return ::operator new(bytes);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
[[gnu::noinline]] void operator delete(void* given) noexcept {
  held -= static_cast<std::int64_t>(::malloc_usable_size(given));
  std::free(given);
}
[[gnu::noinline]] void operator delete(void* given, std::size_t) noexcept { ::operator delete(given); }

namespace holdfast::accounts::import_book {
namespace {

std::string circuits(int count) {
  std::string table = "Customer,Carrier,Circuit ID,Service,MRC\n";
  for (int number = 0; number < count; ++number) {
    table += "Acme Dental of Boston,Lumen,00/ABCD/" + std::to_string(100'000 + number) + ",Internet,129.00\n";
  }
  return table;
}

std::int64_t most_held_for(int rows) {
  const MadeFile file(circuits(rows), "circuits.csv");
  const auto tables = read_file(file.path(), "circuits.csv");
  const auto mapping = propose(*tables);
  Book known;
  known.accounts.emplace_back().name = "Acme Dental of Boston";
  const auto before = most_held = held;
  const auto book = interpret(*tables, *mapping, {.known = &known});
  EXPECT_EQ(book->products.size(), static_cast<size_t>(rows));
  return most_held - before;
}

// What a process takes while it reads a book is what the book's rows take. What makes it more says here what for.
TEST(Memory, ACircuitTakesNoMoreThanItDid) {
  most_held_for(10);  // what is made once
  const auto few = most_held_for(2'000), many = most_held_for(6'000);
  EXPECT_LE((many - few) / 4'000, 360);
}

}  // namespace
}  // namespace holdfast::accounts::import_book
