#include "accounts/import/spool.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "accounts/import/book_fields.h"
#include "accounts/import/propose.h"
#include "accounts/import/read_file.h"
#include "accounts/import/record_index.h"
#include "accounts/import/tests/made_agency.h"
#include "accounts/import/tests/made_files.h"

namespace holdfast::accounts::import_book {
namespace {

// Of lengths that begin and end anywhere in a block, some of several blocks.
std::string piece(size_t number) { return std::string(number * 37 % 10'000, static_cast<char>('a' + number % 26)); }

TEST(Spool, GivesBackWhatWasPutThere) {
  Spool spool;
  std::vector<SpoolPlace> places;
  for (size_t number = 0; number < 2'000; ++number) {
    places.push_back(spool.append(piece(number)));
    ASSERT_EQ(spool.read(places[number / 2]), piece(number / 2));
  }
  for (size_t number = 0; number < 2'000; ++number) ASSERT_EQ(spool.read(places[number]), piece(number));
  for (size_t number = 1; number < 2'000; ++number) ASSERT_EQ(spool.next(places[number - 1]), places[number]);
  EXPECT_TRUE(spool.state());
}

// A temporary folder that is not there, as long as it stands.
struct NoFolder {
  NoFolder() { ::setenv("TMPDIR", "/nowhere", 1); }
  ~NoFolder() { before.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before.c_str(), 1); }
  const std::string before = std::getenv("TMPDIR") == nullptr ? "" : std::getenv("TMPDIR");
};

TEST(Spool, FailsOnceAndForAll) {
  Spool spool;
  const NoFolder full;
  const auto first = spool.append("first");
  EXPECT_EQ(spool.read(first), "first") << "a little needs no file";
  spool.append(std::string(100'000, 'x'));
  EXPECT_EQ(spool.state().error().reason, Reason::dependency_unavailable);
  EXPECT_EQ(spool.read(first), "");
  spool.give_up(fail(Reason::internal, "later"));
  EXPECT_EQ(spool.state().error().reason, Reason::dependency_unavailable);
}

TEST(Spool, ABookThatHasNoRoomIsNoBook) {
  std::string table = "Customer,Carrier,Circuit ID,Notes\n";
  for (int number = 0; number < 2'000; ++number) {
    table += "Acme,Lumen,00/ABCD/" + std::to_string(100'000 + number) + "," + std::string(100, 'x') + "\n";
  }
  const MadeFile file(table, "circuits.csv");
  const auto tables = read_file(file.path(), "circuits.csv");
  const auto mapping = propose(*tables);
  Book agency;
  agency.accounts.push_back({.name = "Acme"});
  MadeAgency known(agency);
  const NoFolder full;
  const auto book = interpret(*tables, *mapping, {.known = &known});
  ASSERT_FALSE(book);
  EXPECT_EQ(book.error().reason, Reason::dependency_unavailable);
}

Carrier named(int number) { return {.name = std::to_string(number)}; }
std::string but_the_last_digit(const Carrier& carrier) { return carrier.name.substr(0, carrier.name.size() - 1); }

// Ten of each key; of 300,000 keys some ten pairs hash alike.
TEST(RecordIndex, FindsByAKeyThatIsNotKept) {
  constexpr int keys = 30'000;
  Records<Carrier> carriers(std::make_shared<Spool>());
  RecordIndex<Carrier> index(carriers, but_the_last_digit);
  for (int number = 10; number < 10 * keys; ++number) {
    index.add(named(number));
    carriers.push_back(named(number));
  }
  for (int key = 1; key < keys; ++key) {
    ASSERT_EQ(index.first(std::to_string(key)), (key - 1) * 10);
    ASSERT_EQ(index.count_to_two(std::to_string(key)), 2);
    const auto all = index.all(std::to_string(key));
    ASSERT_EQ(all.size(), 10u);
    ASSERT_EQ(all.back(), key * 10 - 1);
  }
  EXPECT_EQ(index.first("0"), std::nullopt);
  EXPECT_EQ(index.count_to_two("0"), 0);
}

std::string name_of_carrier(const Carrier& carrier) { return carrier.name; }

TEST(RecordIndex, KeysThatHashAlikeAreToldApart) {
  constexpr int count = 300'000;
  Records<Carrier> carriers(std::make_shared<Spool>());
  RecordIndex<Carrier> index(carriers, name_of_carrier);
  KeyIndex alone;
  int alike = 0;
  for (int number = 0; number < count; ++number) {
    index.add(named(number));
    carriers.push_back(named(number));
    alone.add(std::to_string(number));
    if (alone.first_alike(std::to_string(number)) == static_cast<std::uint32_t>(number)) continue;
    ++alike;
    ASSERT_EQ(index.first(std::to_string(number)), number);
    ASSERT_EQ(index.count_to_two(std::to_string(number)), 1);
  }
  EXPECT_GT(alike, 0);
}

// The first of a key also where another that hashes alike came before.
TEST(RecordIndex, TheFirstOneIsFoundBehindAnother) {
  Records<Carrier> carriers(std::make_shared<Spool>());
  RecordIndex<Carrier> index(carriers, name_of_carrier);
  // An index of what has changed since is one of whose first nothing has the key.
  for (int number = 0; number < 5; ++number) {
    index.add(named(7));
    carriers.push_back(named(7));
  }
  carriers.set(0, named(8));
  EXPECT_EQ(index.first("7"), 1);
  EXPECT_EQ(index.all("7"), (std::vector<std::uint32_t>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace holdfast::accounts::import_book
