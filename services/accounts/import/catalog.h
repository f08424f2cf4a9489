#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

// Finds records by their keys: those that this book has brought so far, and what the agency already has. Indexes count
// into the book's vectors, which only grow.
class Catalog {
 public:
  Catalog(Book& book, const Book* known);

  // Of this book only: these are what a row may repeat or contradict. Null when there is none yet.
  Account* own_account(std::string_view name);
  Location* own_location(std::string_view account, std::string_view name);
  Contact* own_contact(std::string_view account, std::string_view name);
  Carrier* own_carrier(std::string_view name);
  CarrierAccount* own_carrier_account(std::string_view carrier, std::string_view number);
  CarrierContact* own_carrier_contact(const CarrierContact& like);
  Contract* own_contract(std::string_view number);
  // Of the same circuit: the one in service, or the terminated one of the same installation. Its place in the book.
  std::optional<std::uint32_t> own_product(const Product& like) const;
  Order* own_order(const Order& like);

  // Of this book or the agency's: what a row may refer to.
  const Account* account(std::string_view name) const;
  const Location* location(std::string_view account, std::string_view name) const;
  const Location* only_location(std::string_view account) const;  // null when it has none or several
  const Location* first_location(std::string_view account) const;
  const Location* location_named(std::string_view name) const;  // null unless just one account has it
  const Contact* contact_named(std::string_view name) const;    // null unless just one account has it
  const Account* account_of_form(std::string_view name) const;  // by form_key; null unless there is just one
  const Contract* contract(std::string_view number) const;
  std::vector<Product> products_with_btn(const std::string& e164) const;
  std::vector<Product> products_with_circuit(const std::string& key) const;

  void add(Account record);
  void add(Location record);
  void add(Contact record);
  void add(Carrier record);
  void add(CarrierAccount record);
  void add(CarrierContact record);
  void add(Contract record);
  void add(Product record);
  void add(Order record);

  Book& book() { return book_; }
  const Book* known() const { return known_; }

 private:
  // By the hash of a key, which others may share: of products there are too many to keep the keys as well.
  using Hashed = std::unordered_multimap<std::size_t, std::uint32_t>;

  // One of the two books with its indexes.
  struct Shelf {
    using One = std::unordered_map<std::string, std::uint32_t>;
    using Many = std::unordered_map<std::string, std::vector<std::uint32_t>>;
    One accounts, locations, contacts, carriers, carrier_accounts, carrier_contacts, contracts, orders;
    Many accounts_by_form, locations_by_account, locations_by_name, contacts_by_name;
    Hashed products, products_by_btn, products_by_circuit;
  };
  static void index(Shelf& shelf, const Account& record, std::size_t at);
  static void index(Shelf& shelf, const Location& record, std::size_t at);
  static void index(Shelf& shelf, const Contact& record, std::size_t at);
  static void index(Shelf& shelf, const Product& record, std::size_t at);
  template <class KeyOf>
  static std::vector<std::uint32_t> places_of(const Book& book, const Hashed& index, const std::string& key,
                                              KeyOf key_of);
  template <class KeyOf>
  std::vector<Product> products_with(Hashed Shelf::*index, const std::string& key, KeyOf key_of) const;

  Book& book_;
  const Book* known_;
  Shelf own_, theirs_;
};

}  // namespace holdfast::accounts::import_book
