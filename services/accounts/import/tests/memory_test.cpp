#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "accounts/import/book_fields.h"
#include "accounts/import/known_book.h"
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

// Rows of one kind, by their number.
struct Kind {
  std::string name, headings;
  std::string (*row)(int number);
  std::int64_t bytes;  // that a row may take
};

std::string digits(int number) { return std::to_string(1'000'000 + number); }

std::string circuit(int number) {
  return "Acme Dental of Boston,Lumen,00/ABCD/" + digits(number) + ",Internet,129.00\n";
}
std::string circuit_with_numbers(int number) {
  return "Acme Dental of Boston,Lumen,00/ABCD/" + digits(number) + ",Internet,129.00,ACCT-" + digits(number) + "\n";
}
std::string customer(int number) {
  return "Dental " + digits(number) + " of Boston,HQ,1 Main Street,Boston,MA,02110,Jan Doe,jan@dental.example\n";
}
std::string site(int number) {
  return "Acme Dental of Boston,Branch " + digits(number) +
         ",1 Main Street,Boston,MA,02110,Jan Doe,jan@dental.example\n";
}
std::string of_nobody(int) { return "Nobody of Boston,Lumen,00/ABCD/7,Internet,129.00\n"; }
std::string contract(int number) { return "C-" + digits(number) + ",Acme Dental of Boston,Lumen,2024-01-01,36\n"; }

const std::string circuit_headings = "Customer,Carrier,Circuit ID,Service,MRC";
const std::string customer_headings = "Customer,Location,Address,City,State,Zip,Site Contact,E-mail";

Result<Book> read_book(const std::string& path, const std::string& name, KnownBook& known) {
  const auto tables = TRY(read_file(path, name));
  const auto mapping = TRY(propose(tables));
  return interpret(tables, mapping, {.known = &known});
}

// An agency that has every customer, or one, with a place each.
struct Customers : KnownBook {
  explicit Customers(bool every) : every_(every) {}
  Result<std::vector<std::string>> carriers() override { return std::vector<std::string>(); }
  Result<std::vector<Order>> ports() override { return std::vector<Order>(); }
  Result<> find(const Mentions& mentions, Catalog& catalog) override {
    for (const auto& name : mentions.accounts) {
      if ((!every_ && name != "acme dental of boston") || !catalog.know(Account{.name = name})) continue;
      catalog.know(Location{.account = name, .name = "Main", .time_zone = "America/New_York"});
    }
    return {};
  }
  const bool every_;
};

std::int64_t most_held_for(const std::string& bytes, const std::string& name, int rows, bool every = false) {
  const MadeFile file(bytes, name);
  Customers known(every);
  const auto before = most_held = held;
  const auto book = read_book(file.path(), name, known);
  EXPECT_EQ(book->verdicts.size(), static_cast<size_t>(rows)) << name;
  return most_held - before;
}

constexpr int few = 4'000, many = 16'000;

template <class Measure>
std::int64_t taken_by_one(Measure measure) {
  measure(10);  // what is made once
  const auto with_few = measure(few), with_many = measure(many);
  return (with_many - with_few) / (many - few);
}

struct MemoryOf : testing::TestWithParam<Kind> {};

// What a process takes while it reads a book is what finds its records: a place in the spool and the hashes of their
// keys. A million rows are to fit beside all services. What makes a row more says here what for.
TEST_P(MemoryOf, ARowIsWhatFindsIt) {
  const auto taken = taken_by_one([&](int rows) {
    std::string table = GetParam().headings + "\n";
    for (int number = 0; number < rows; ++number) table += GetParam().row(number);
    return most_held_for(table, "made.csv", rows);
  });
  EXPECT_LE(taken, GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, MemoryOf,
    testing::Values(Kind{"circuit", circuit_headings, circuit, 32},
                    Kind{"circuitOfACarrierAccount", circuit_headings + ",Account Number", circuit_with_numbers, 48},
                    Kind{"customer", customer_headings, customer, 120}, Kind{"site", customer_headings, site, 85},
                    Kind{"rejected", circuit_headings, of_nobody, 28},
                    Kind{"contract", "Contract,Customer,Carrier,Start,Term", contract, 58}),
    [](const auto& kind) { return kind.param.name; });

TEST(Memory, SharedTextsOfAWorkbookAreNotHeld) {
  const auto taken = taken_by_one([](int rows) {
    std::string texts, cells = "<row r=\"1\">";
    int text = 0;
    const auto add_cell = [&](const std::string& said) {
      texts += "<si><t>" + said + "</t></si>";
      cells += "<c t=\"s\"><v>" + std::to_string(text++) + "</v></c>";
    };
    for (const auto* heading : {"Customer", "Carrier", "Circuit ID", "Notes"}) add_cell(heading);
    for (int number = 0; number < rows; ++number) {
      cells += "</row><row>";
      for (const auto& said : {std::string("Acme Dental of Boston"), std::string("Lumen"), "00/ABCD/" + digits(number),
                               "Room " + digits(number) + std::string(100, '.')}) {
        add_cell(said);
      }
    }
    return most_held_for(workbook(cells + "</row>", texts), "made.xlsx", rows);
  });
  EXPECT_LE(taken, 34);
}

// Of what the agency has only that to which rows refer is held: 76 bytes a customer with its place, beside the
// row's 32.
TEST(Memory, WhatTheAgencyHasIsHeldAsFarAsItIsMentioned) {
  const auto taken = taken_by_one([&](int rows) {
    std::string table = circuit_headings + "\n";
    for (int number = 0; number < rows; ++number) {
      table += "Dental " + digits(number) + " of Boston,Lumen,00/ABCD/" + digits(number) + ",Internet,129.00\n";
    }
    return most_held_for(table, "made.csv", rows, true);
  });
  EXPECT_LE(taken, 108);
}

}  // namespace
}  // namespace holdfast::accounts::import_book
