#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/book.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/record_index.h"

namespace holdfast::accounts::import_book {

// Another site of somebody whom an earlier row has brought: kept apart until all are known, for one person may have
// thousands.
struct AddedSite {
  RowPlace place;
  std::uint32_t contact = 0;  // among the book's
  std::string location;
};

// Finds records by their keys: those that this book has brought so far, and what it was told that the agency has.
class Catalog {
 public:
  explicit Catalog(Book& book);
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  // Of this book only: these are what a row may repeat or contradict. Their places among the book's.
  using Place = std::optional<std::uint32_t>;
  Place own_account(std::string_view name) const;
  Place own_location(std::string_view account, std::string_view name) const;
  Place own_contact(std::string_view account, std::string_view name) const;
  Place own_carrier(std::string_view name) const;
  Place own_carrier_account(std::string_view carrier, std::string_view number) const;
  Place own_carrier_contact(const CarrierContact& like) const;
  Place own_contract(std::string_view number) const;
  // Of the same circuit: the one in service, or the terminated one of the same installation.
  Place own_product(const Product& like) const;
  Place own_order(const Order& like) const;
  // The row that says so of this contact.
  std::optional<RowPlace> own_site(std::uint32_t contact, const std::string& location) const;

  // Of this book or the agency's: what a row may refer to.
  std::optional<Account> account(std::string_view name) const;
  std::optional<Location> location(std::string_view account, std::string_view name) const;
  std::optional<Location> only_location(std::string_view account) const;  // nothing when it has none or several
  std::optional<Location> first_location(std::string_view account) const;
  std::optional<Location> location_named(std::string_view name) const;  // nothing unless just one account has it
  std::optional<Contact> contact_named(std::string_view name) const;    // nothing unless just one account has it
  std::optional<Account> account_of_form(std::string_view name) const;  // by form_key; nothing unless there is just one
  std::optional<Account> first_of_form(std::string_view name) const;    // by form_key; the agency's before this book's
  std::optional<Contract> contract(std::string_view number) const;
  // Asked when all products of the book are known.
  std::vector<Product> products_with_btn(const std::string& e164);
  std::vector<Product> products_with_circuit(const std::string& key);

  void add(const Account& record);
  void add(const Location& record);
  void add(const Contact& record);
  void add(const Carrier& record);
  void add(const CarrierAccount& record);
  void add(const CarrierContact& record);
  void add(const Contract& record);
  void add(const Product& record);
  void add(const Order& record);
  void add(const AddedSite& site);
  // What the agency has, each record once however often it is told, but orders: those are told once. Of an account
  // whether it is new here.
  bool know(const Account& record);
  void know(const Location& record);
  void know(const Contact& record);
  void know(const Contract& record);
  void know(const Product& record);
  void know(const Order& record);
  // Once no row is left: gives the contacts the sites that were kept apart, as many as one may have.
  void join_sites();

  const Book& known() const { return known_; }

 private:
  // Only orders find products by these, and most books have none.
  struct Numbers {
    explicit Numbers(const Book& book);
    void add(const Product& record);

    RecordIndex<Product> by_btn, by_circuit;
  };

  // One of the two books with its indexes.
  struct Shelf {
    explicit Shelf(Book& book);
    void add(const Account& record);
    void add(const Location& record);
    void add(const Contact& record);
    void add(const Contract& record);

    Book& book;
    RecordIndex<Account> accounts, accounts_by_form;
    RecordIndex<Location> locations, locations_by_account, locations_by_name;
    RecordIndex<Contact> contacts, contacts_by_name;
    RecordIndex<Contract> contracts;
  };

  template <class Record>
  std::optional<Record> own_or_known(const Records<Record> Book::*records, const RecordIndex<Record> Shelf::*index,
                                     const std::string& key) const;
  template <class Record>
  std::optional<Record> just_one(const Records<Record> Book::*records, const RecordIndex<Record> Shelf::*index,
                                 const std::string& key) const;
  std::vector<Product> products_with(const RecordIndex<Product> Numbers::*index, const std::string& key);

  Book& book_;
  Book known_;
  Shelf own_, theirs_;
  std::optional<Numbers> own_numbers_;  // once the first order asks
  Numbers their_numbers_;
  RecordIndex<Carrier> carriers_;
  RecordIndex<CarrierAccount> carrier_accounts_;
  RecordIndex<CarrierContact> carrier_contacts_;
  RecordIndex<Product> products_;
  RecordIndex<Order> orders_;
  Records<AddedSite> sites_;
  RecordIndex<AddedSite> sites_by_contact_;
};

}  // namespace holdfast::accounts::import_book

template <>
struct holdfast::Fields<holdfast::accounts::import_book::AddedSite> {
  using T = accounts::import_book::AddedSite;
  static constexpr auto list =
      FieldList{Field{"place", &T::place}, Field{"contact", &T::contact}, Field{"location", &T::location}};
};
