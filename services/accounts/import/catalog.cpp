#include "accounts/import/catalog.h"

#include <algorithm>
#include <functional>

#include "accounts/import/book_fields.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr char between = '\x1f';

std::string pair_key(std::string_view one, std::string_view other) { return fold(one) + between + fold(other); }
std::string number_key(std::string_view carrier, std::string_view number) {
  return fold(carrier) + between + identifier_key(number);
}

std::string contact_key(const CarrierContact& contact) {
  return fold(contact.carrier) + between + contact.function + between +
         (contact.level ? std::to_string(*contact.level) : std::string()) + between + fold(contact.name);
}

std::string product_key(const Product& product) { return number_key(product.carrier, product.circuit_id); }

// A circuit ID may be used again once the old circuit is gone; the day of installation tells old ones apart.
std::string terminated_key(const Product& product) {
  return product_key(product) + between + (product.install ? format_date(*product.install) : std::string());
}

// The key of one in service is never the key of a terminated one: the latter has one part more.
std::string only_key(const Product& product) {
  return product.status == ProductStatus::terminated ? terminated_key(product) : product_key(product);
}

std::size_t hash_of(const std::string& key) { return std::hash<std::string>()(key); }

std::string order_key(const Order& order) {
  const auto day = order.submitted ? *order.submitted : order.date.value_or(Date{});
  return std::to_string(static_cast<int>(order.kind)) + between + number_key(order.carrier, order.reference) + between +
         (order.confirmation.empty() ? format_date(day) : identifier_key(order.confirmation));
}

template <class Record>
const Record* at(const std::deque<Record>& records, const std::unordered_map<std::string, std::uint32_t>& index,
                 const std::string& key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &records[found->second];
}

template <class Record>
Record* at(std::deque<Record>& records, const std::unordered_map<std::string, std::uint32_t>& index,
           const std::string& key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &records[found->second];
}

}  // namespace

Catalog::Catalog(Book& book, const Book* known) : book_(book), known_(known) {
  if (known == nullptr) return;
  for (std::size_t i = 0; i < known->accounts.size(); ++i) index(theirs_, known->accounts[i], i);
  for (std::size_t i = 0; i < known->locations.size(); ++i) index(theirs_, known->locations[i], i);
  for (std::size_t i = 0; i < known->contacts.size(); ++i) index(theirs_, known->contacts[i], i);
  for (std::size_t i = 0; i < known->products.size(); ++i) index(theirs_, known->products[i], i);
  for (std::size_t i = 0; i < known->contracts.size(); ++i) {
    theirs_.contracts.emplace(fold(known->contracts[i].number), static_cast<std::uint32_t>(i));
  }
}

void Catalog::index(Shelf& shelf, const Account& record, std::size_t at) {
  const auto place = static_cast<std::uint32_t>(at);
  shelf.accounts.emplace(fold(record.name), place);
  shelf.accounts_by_form[form_key(record.name)].push_back(place);
}

void Catalog::index(Shelf& shelf, const Location& record, std::size_t at) {
  const auto place = static_cast<std::uint32_t>(at);
  shelf.locations.emplace(pair_key(record.account, record.name), place);
  shelf.locations_by_account[fold(record.account)].push_back(place);
  shelf.locations_by_name[fold(record.name)].push_back(place);
}

void Catalog::index(Shelf& shelf, const Contact& record, std::size_t at) {
  const auto place = static_cast<std::uint32_t>(at);
  shelf.contacts.emplace(pair_key(record.account, record.name), place);
  shelf.contacts_by_name[fold(record.name)].push_back(place);
}

void Catalog::index(Shelf& shelf, const Product& record, std::size_t at) {
  const auto place = static_cast<std::uint32_t>(at);
  shelf.products.emplace(hash_of(only_key(record)), place);
  shelf.products_by_circuit.emplace(hash_of(identifier_key(record.circuit_id)), place);
  if (!record.btn.e164.empty()) shelf.products_by_btn.emplace(hash_of(record.btn.e164), place);
}

Account* Catalog::own_account(std::string_view name) { return at(book_.accounts, own_.accounts, fold(name)); }
Location* Catalog::own_location(std::string_view account, std::string_view name) {
  return at(book_.locations, own_.locations, pair_key(account, name));
}
Contact* Catalog::own_contact(std::string_view account, std::string_view name) {
  return at(book_.contacts, own_.contacts, pair_key(account, name));
}
Carrier* Catalog::own_carrier(std::string_view name) { return at(book_.carriers, own_.carriers, fold(name)); }
CarrierAccount* Catalog::own_carrier_account(std::string_view carrier, std::string_view number) {
  return at(book_.carrier_accounts, own_.carrier_accounts, number_key(carrier, number));
}
CarrierContact* Catalog::own_carrier_contact(const CarrierContact& like) {
  return at(book_.carrier_contacts, own_.carrier_contacts, contact_key(like));
}
Contract* Catalog::own_contract(std::string_view number) { return at(book_.contracts, own_.contracts, fold(number)); }

std::optional<std::uint32_t> Catalog::own_product(const Product& like) const {
  const auto find = [&](const std::string& key) {
    const auto places = places_of(book_, own_.products, key, &only_key);
    return places.empty() ? std::nullopt : std::optional(places.front());
  };
  if (like.status == ProductStatus::terminated) {
    const auto gone = find(terminated_key(like));
    if (gone || !like.install) return gone;
    // One in service that was installed on the same day is the same circuit: the rows contradict each other.
    const auto live = find(product_key(like));
    return live && book_.products[*live].install == like.install ? live : std::nullopt;
  }
  if (const auto live = find(product_key(like))) return live;
  return like.install ? find(terminated_key(like)) : std::nullopt;
}

Order* Catalog::own_order(const Order& like) { return at(book_.orders, own_.orders, order_key(like)); }

const Account* Catalog::account(std::string_view name) const {
  const auto key = fold(name);
  if (const auto* own = at(std::as_const(book_.accounts), own_.accounts, key)) return own;
  return known_ == nullptr ? nullptr : at(known_->accounts, theirs_.accounts, key);
}

const Location* Catalog::location(std::string_view account, std::string_view name) const {
  const auto key = pair_key(account, name);
  if (const auto* own = at(std::as_const(book_.locations), own_.locations, key)) return own;
  return known_ == nullptr ? nullptr : at(known_->locations, theirs_.locations, key);
}

const Location* Catalog::first_location(std::string_view account) const {
  const auto key = fold(account);
  if (const auto found = own_.locations_by_account.find(key); found != own_.locations_by_account.end()) {
    return &book_.locations[found->second.front()];
  }
  const auto found = theirs_.locations_by_account.find(key);
  return found == theirs_.locations_by_account.end() ? nullptr : &known_->locations[found->second.front()];
}

const Location* Catalog::only_location(std::string_view account) const {
  const auto key = fold(account);
  std::size_t count = 0;
  if (const auto found = own_.locations_by_account.find(key); found != own_.locations_by_account.end())
    count += found->second.size();
  if (const auto found = theirs_.locations_by_account.find(key); found != theirs_.locations_by_account.end())
    count += found->second.size();
  return count == 1 ? first_location(account) : nullptr;
}

const Location* Catalog::location_named(std::string_view name) const {
  const auto key = fold(name);
  const auto own = own_.locations_by_name.find(key);
  if (own != own_.locations_by_name.end())
    return own->second.size() == 1 ? &book_.locations[own->second.front()] : nullptr;
  const auto theirs = theirs_.locations_by_name.find(key);
  const bool one = theirs != theirs_.locations_by_name.end() && theirs->second.size() == 1;
  return one ? &known_->locations[theirs->second.front()] : nullptr;
}

const Contact* Catalog::contact_named(std::string_view name) const {
  const auto key = fold(name);
  const auto own = own_.contacts_by_name.find(key);
  if (own != own_.contacts_by_name.end())
    return own->second.size() == 1 ? &book_.contacts[own->second.front()] : nullptr;
  const auto theirs = theirs_.contacts_by_name.find(key);
  const bool one = theirs != theirs_.contacts_by_name.end() && theirs->second.size() == 1;
  return one ? &known_->contacts[theirs->second.front()] : nullptr;
}

const Account* Catalog::account_of_form(std::string_view name) const {
  const auto key = form_key(name);
  const auto own = own_.accounts_by_form.find(key);
  if (own != own_.accounts_by_form.end())
    return own->second.size() == 1 ? &book_.accounts[own->second.front()] : nullptr;
  const auto theirs = theirs_.accounts_by_form.find(key);
  const bool one = theirs != theirs_.accounts_by_form.end() && theirs->second.size() == 1;
  return one ? &known_->accounts[theirs->second.front()] : nullptr;
}

const Contract* Catalog::contract(std::string_view number) const {
  const auto key = fold(number);
  if (const auto* own = at(std::as_const(book_.contracts), own_.contracts, key)) return own;
  return known_ == nullptr ? nullptr : at(known_->contracts, theirs_.contracts, key);
}

// In order.
template <class KeyOf>
std::vector<std::uint32_t> Catalog::places_of(const Book& book, const Hashed& index, const std::string& key,
                                              KeyOf key_of) {
  std::vector<std::uint32_t> places;
  const auto [begin, end] = index.equal_range(hash_of(key));
  for (auto found = begin; found != end; ++found) {
    if (key_of(book.products[found->second]) == key) places.push_back(found->second);
  }
  std::ranges::sort(places);
  return places;
}

template <class KeyOf>
std::vector<Product> Catalog::products_with(Hashed Shelf::*index, const std::string& key, KeyOf key_of) const {
  std::vector<Product> found;
  const auto collect = [&](const Book& book, const Shelf& shelf) {
    for (const auto place : places_of(book, shelf.*index, key, key_of)) found.push_back(book.products[place]);
  };
  collect(book_, own_);
  if (known_ != nullptr) collect(*known_, theirs_);
  return found;
}

std::vector<Product> Catalog::products_with_btn(const std::string& e164) const {
  return products_with(&Shelf::products_by_btn, e164, [](const Product& product) { return product.btn.e164; });
}

std::vector<Product> Catalog::products_with_circuit(const std::string& key) const {
  return products_with(&Shelf::products_by_circuit, key,
                       [](const Product& product) { return identifier_key(product.circuit_id); });
}

void Catalog::add(Account record) {
  index(own_, record, book_.accounts.size());
  book_.accounts.push_back(std::move(record));
}
void Catalog::add(Location record) {
  index(own_, record, book_.locations.size());
  book_.locations.push_back(std::move(record));
}
void Catalog::add(Contact record) {
  index(own_, record, book_.contacts.size());
  book_.contacts.push_back(std::move(record));
}
void Catalog::add(Carrier record) {
  own_.carriers.emplace(fold(record.name), static_cast<std::uint32_t>(book_.carriers.size()));
  book_.carriers.push_back(std::move(record));
}
void Catalog::add(CarrierAccount record) {
  own_.carrier_accounts.emplace(number_key(record.carrier, record.number),
                                static_cast<std::uint32_t>(book_.carrier_accounts.size()));
  book_.carrier_accounts.push_back(std::move(record));
}
void Catalog::add(CarrierContact record) {
  own_.carrier_contacts.emplace(contact_key(record), static_cast<std::uint32_t>(book_.carrier_contacts.size()));
  book_.carrier_contacts.push_back(std::move(record));
}
void Catalog::add(Contract record) {
  own_.contracts.emplace(fold(record.number), static_cast<std::uint32_t>(book_.contracts.size()));
  book_.contracts.push_back(std::move(record));
}
void Catalog::add(Product record) {
  index(own_, record, book_.products.size());
  book_.products.push_back(record);
}
void Catalog::add(Order record) {
  own_.orders.emplace(order_key(record), static_cast<std::uint32_t>(book_.orders.size()));
  book_.orders.push_back(std::move(record));
}

}  // namespace holdfast::accounts::import_book
