#include "accounts/import/catalog.h"

#include <algorithm>
#include <utility>

#include "accounts/domain/contact.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr char between = '\x1f';

std::string pair_key(std::string_view one, std::string_view other) { return fold(one) + between + fold(other); }
std::string number_key(std::string_view carrier, std::string_view number) {
  return fold(carrier) + between + identifier_key(number);
}
std::string site_key(std::uint32_t contact, std::string_view location) {
  return std::to_string(contact) + between + fold(location);
}

std::string account_key(const Account& account) { return fold(account.name); }
std::string account_form(const Account& account) { return form_key(account.name); }
std::string location_key(const Location& location) { return pair_key(location.account, location.name); }
std::string location_account(const Location& location) { return fold(location.account); }
std::string location_name(const Location& location) { return fold(location.name); }
std::string contact_key(const Contact& contact) { return pair_key(contact.account, contact.name); }
std::string contact_name(const Contact& contact) { return fold(contact.name); }
std::string carrier_key(const Carrier& carrier) { return fold(carrier.name); }
std::string carrier_account_key(const CarrierAccount& account) { return number_key(account.carrier, account.number); }
std::string contract_key(const Contract& contract) { return fold(contract.number); }
std::string added_site_key(const AddedSite& site) { return site_key(site.contact, site.location); }

std::string carrier_contact_key(const CarrierContact& contact) {
  return fold(contact.carrier) + between + contact.function + between +
         (contact.level ? std::to_string(*contact.level) : std::string()) + between + fold(contact.name);
}

std::string btn_key(const Product& product) { return product.btn.e164; }
std::string circuit_key(const Product& product) { return identifier_key(product.circuit_id); }
std::string product_key(const Product& product) { return number_key(product.carrier, product.circuit_id); }

// A circuit ID may be used again once the old circuit is gone; the day of installation tells old ones apart.
std::string terminated_key(const Product& product) {
  return product_key(product) + between + (product.install ? format_date(*product.install) : std::string());
}

// The key of one in service is never the key of a terminated one: the latter has one part more.
std::string only_key(const Product& product) {
  return product.status == ProductStatus::terminated ? terminated_key(product) : product_key(product);
}

std::string order_key(const Order& order) {
  const auto day = order.submitted ? *order.submitted : order.date.value_or(Date{});
  return std::to_string(static_cast<int>(order.kind)) + between + number_key(order.carrier, order.reference) + between +
         (order.confirmation.empty() ? format_date(day) : identifier_key(order.confirmation));
}

}  // namespace

Catalog::Numbers::Numbers(const Book& book) : by_btn(book.products, btn_key), by_circuit(book.products, circuit_key) {
  for (const auto& product : book.products) add(product);
}

void Catalog::Numbers::add(const Product& record) {
  by_btn.add(record);
  by_circuit.add(record);
}

Catalog::Shelf::Shelf(Book& of)
    : book(of),
      accounts(of.accounts, account_key),
      accounts_by_form(of.accounts, account_form),
      locations(of.locations, location_key),
      locations_by_account(of.locations, location_account),
      locations_by_name(of.locations, location_name),
      contacts(of.contacts, contact_key),
      contacts_by_name(of.contacts, contact_name),
      contracts(of.contracts, contract_key) {}

void Catalog::Shelf::add(const Account& record) {
  accounts.add(record);
  accounts_by_form.add(record);
  book.accounts.push_back(record);
}

void Catalog::Shelf::add(const Location& record) {
  locations.add(record);
  locations_by_account.add(record);
  locations_by_name.add(record);
  book.locations.push_back(record);
}

void Catalog::Shelf::add(const Contact& record) {
  contacts.add(record);
  contacts_by_name.add(record);
  book.contacts.push_back(record);
}

void Catalog::Shelf::add(const Contract& record) {
  contracts.add(record);
  book.contracts.push_back(record);
}

Catalog::Catalog(Book& book)
    : book_(book),
      own_(book),
      theirs_(known_),
      their_numbers_(known_),
      carriers_(book.carriers, carrier_key),
      carrier_accounts_(book.carrier_accounts, carrier_account_key),
      carrier_contacts_(book.carrier_contacts, carrier_contact_key),
      products_(book.products, only_key),
      orders_(book.orders, order_key),
      sites_(book.spool),
      sites_by_contact_(sites_, added_site_key) {}

Catalog::Place Catalog::own_account(std::string_view name) const { return own_.accounts.first(fold(name)); }
Catalog::Place Catalog::own_location(std::string_view account, std::string_view name) const {
  return own_.locations.first(pair_key(account, name));
}
Catalog::Place Catalog::own_contact(std::string_view account, std::string_view name) const {
  return own_.contacts.first(pair_key(account, name));
}
Catalog::Place Catalog::own_carrier(std::string_view name) const { return carriers_.first(fold(name)); }
Catalog::Place Catalog::own_carrier_account(std::string_view carrier, std::string_view number) const {
  return carrier_accounts_.first(number_key(carrier, number));
}
Catalog::Place Catalog::own_carrier_contact(const CarrierContact& like) const {
  return carrier_contacts_.first(carrier_contact_key(like));
}
Catalog::Place Catalog::own_contract(std::string_view number) const { return own_.contracts.first(fold(number)); }

Catalog::Place Catalog::own_product(const Product& like) const {
  if (like.status == ProductStatus::terminated) {
    const auto gone = products_.first(terminated_key(like));
    if (gone || !like.install) return gone;
    // One in service that was installed on the same day is the same circuit: the rows contradict each other.
    const auto live = products_.first(product_key(like));
    return live && book_.products[*live].install == like.install ? live : std::nullopt;
  }
  if (const auto live = products_.first(product_key(like))) return live;
  return like.install ? products_.first(terminated_key(like)) : std::nullopt;
}

Catalog::Place Catalog::own_order(const Order& like) const { return orders_.first(order_key(like)); }

std::optional<RowPlace> Catalog::own_site(std::uint32_t contact, const std::string& location) const {
  for (const auto& site : book_.contacts[contact].sites) {
    if (fold(site.location) == fold(location)) return site.place;
  }
  const auto added = sites_by_contact_.first(site_key(contact, location));
  return added ? std::optional(sites_[*added].place) : std::nullopt;
}

template <class Record>
std::optional<Record> Catalog::own_or_known(const Records<Record> Book::*records,
                                            const RecordIndex<Record> Shelf::*index, const std::string& key) const {
  if (const auto own = (own_.*index).first(key)) return (book_.*records)[*own];
  const auto theirs = (theirs_.*index).first(key);
  return theirs ? std::optional((known_.*records)[*theirs]) : std::nullopt;
}

// This book's alone when it has any.
template <class Record>
std::optional<Record> Catalog::just_one(const Records<Record> Book::*records, const RecordIndex<Record> Shelf::*index,
                                        const std::string& key) const {
  const auto own = (own_.*index).count_to_two(key);
  if (own > 1 || (own == 0 && (theirs_.*index).count_to_two(key) != 1)) return std::nullopt;
  return own_or_known(records, index, key);
}

std::optional<Account> Catalog::account(std::string_view name) const {
  return own_or_known(&Book::accounts, &Shelf::accounts, fold(name));
}

std::optional<Location> Catalog::location(std::string_view account, std::string_view name) const {
  return own_or_known(&Book::locations, &Shelf::locations, pair_key(account, name));
}

std::optional<Location> Catalog::first_location(std::string_view account) const {
  return own_or_known(&Book::locations, &Shelf::locations_by_account, fold(account));
}

std::optional<Location> Catalog::only_location(std::string_view account) const {
  const auto key = fold(account);
  const auto count = own_.locations_by_account.count_to_two(key) + theirs_.locations_by_account.count_to_two(key);
  return count == 1 ? first_location(account) : std::nullopt;
}

std::optional<Location> Catalog::location_named(std::string_view name) const {
  return just_one(&Book::locations, &Shelf::locations_by_name, fold(name));
}

std::optional<Contact> Catalog::contact_named(std::string_view name) const {
  return just_one(&Book::contacts, &Shelf::contacts_by_name, fold(name));
}

std::optional<Account> Catalog::account_of_form(std::string_view name) const {
  return just_one(&Book::accounts, &Shelf::accounts_by_form, form_key(name));
}

std::optional<Account> Catalog::first_of_form(std::string_view name) const {
  const auto key = form_key(name);
  if (const auto theirs = theirs_.accounts_by_form.first(key)) return known_.accounts[*theirs];
  const auto own = own_.accounts_by_form.first(key);
  return own ? std::optional(book_.accounts[*own]) : std::nullopt;
}

std::optional<Contract> Catalog::contract(std::string_view number) const {
  return own_or_known(&Book::contracts, &Shelf::contracts, fold(number));
}

std::vector<Product> Catalog::products_with(const RecordIndex<Product> Numbers::*index, const std::string& key) {
  std::vector<Product> found;
  if (!own_numbers_) own_numbers_.emplace(book_);
  for (const auto place : ((*own_numbers_).*index).all(key)) found.push_back(book_.products[place]);
  for (const auto place : (their_numbers_.*index).all(key)) found.push_back(known_.products[place]);
  return found;
}

std::vector<Product> Catalog::products_with_btn(const std::string& e164) {
  return products_with(&Numbers::by_btn, e164);
}

std::vector<Product> Catalog::products_with_circuit(const std::string& key) {
  return products_with(&Numbers::by_circuit, key);
}

void Catalog::add(const Account& record) { own_.add(record); }
void Catalog::add(const Location& record) { own_.add(record); }
void Catalog::add(const Contact& record) { own_.add(record); }
void Catalog::add(const Contract& record) { own_.add(record); }
void Catalog::add(const Carrier& record) {
  carriers_.add(record);
  book_.carriers.push_back(record);
}
void Catalog::add(const CarrierAccount& record) {
  carrier_accounts_.add(record);
  book_.carrier_accounts.push_back(record);
}
void Catalog::add(const CarrierContact& record) {
  carrier_contacts_.add(record);
  book_.carrier_contacts.push_back(record);
}
void Catalog::add(const Product& record) {
  products_.add(record);
  book_.products.push_back(record);
}
void Catalog::add(const Order& record) {
  orders_.add(record);
  book_.orders.push_back(record);
}
void Catalog::add(const AddedSite& site) {
  sites_by_contact_.add(site);
  sites_.push_back(site);
}

bool Catalog::know(const Account& record) {
  if (theirs_.accounts.first(account_key(record))) return false;
  theirs_.add(record);
  return true;
}
void Catalog::know(const Location& record) {
  if (!theirs_.locations.first(location_key(record))) theirs_.add(record);
}
void Catalog::know(const Contact& record) {
  if (!theirs_.contacts.first(contact_key(record))) theirs_.add(record);
}
void Catalog::know(const Contract& record) {
  if (!theirs_.contracts.first(contract_key(record))) theirs_.add(record);
}
void Catalog::know(const Product& record) {
  const auto alike = their_numbers_.by_circuit.all(circuit_key(record));
  if (std::ranges::any_of(alike, [&](auto at) { return known_.products[at] == record; })) return;
  their_numbers_.add(record);
  known_.products.push_back(record);
}
void Catalog::know(const Order& record) { known_.orders.push_back(record); }

void Catalog::join_sites() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_contact;
  by_contact.reserve(sites_.size());
  for (std::uint32_t at = 0; at < sites_.size(); ++at) by_contact.emplace_back(sites_[at].contact, at);
  std::ranges::sort(by_contact);
  for (auto group = by_contact.begin(); group != by_contact.end();) {
    const auto number = group->first;
    auto contact = book_.contacts[number];
    for (; group != by_contact.end() && group->first == number; ++group) {
      if (contact.sites.size() == max_contact_locations) continue;
      auto site = sites_[group->second];
      contact.sites.push_back({std::move(site.location), site.place});
    }
    book_.contacts.set(number, contact);
  }
}

}  // namespace holdfast::accounts::import_book
