#include "accounts/import/rows.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

void pair_products(Merge& merge, Product& kept, const Product& said) {
  merge.text(Field::account_name, kept.account, said.account);
  merge.text(Field::location_name, kept.location, said.location);
  merge.text(Field::carrier_account_number, kept.carrier_account, said.carrier_account);
  merge.phone(Field::product_btn, kept.btn, said.btn);
  merge.text(Field::product_type, kept.type, said.type);
  merge.text(Field::product_speed, kept.speed, said.speed);
  merge.value(Field::product_mrc, kept.mrc, said.mrc);
  merge.value(Field::product_nrc, kept.nrc, said.nrc);
  merge.value(Field::product_install, kept.install, said.install);
  merge.value(Field::product_terminated, kept.terminated_on, said.terminated_on);
  merge.value(Field::product_status, kept.status, said.status);
  merge.text(Field::contract_number, kept.contract, said.contract);
}

ProductStatus product_status(RowFacts& row) {
  const auto meaning = row.meaning(Field::product_status).value_or("active");
  if (meaning == "terminated") return ProductStatus::terminated;
  if (meaning == "pendingActive") return ProductStatus::pending_active;
  return meaning == "suspended" ? ProductStatus::suspended : ProductStatus::active;
}

std::string product_type(RowFacts& row) {
  if (!row.has(Field::product_type)) return "circuit";
  return row.meaning(Field::product_type).value_or("other");
}

// The location that the row names; without a name the default one, else the only one there is.
std::string named_location(BookReading& reading, RowFacts& row, const Account& account) {
  if (!row.mapped(Field::location_name)) {
    const auto only = reading.catalog.only_location(account.name);
    return only ? only->name : std::string();
  }
  auto name = row.text(Field::location_name);
  const bool stated = row.has(Field::location_name) || !name.empty();
  if (name.empty()) name = unnamed_location;
  if (const auto location = reading.catalog.location(account.name, name)) return location->name;
  if (!row.has(Field::location_name)) {
    if (const auto only = reading.catalog.only_location(account.name)) return only->name;
    if (!stated) return {};
  }
  row.reject(Field::location_name, Reason::unknown_location, "the customer has no such location");
  return {};
}

std::string named_contract(BookReading& reading, RowFacts& row) {
  const auto number = row.identifier(Field::contract_number);
  if (number.empty() || row.reading().vocabulary.is_unknown(number) || row.reading().vocabulary.is_open_ended(number))
    return {};
  if (const auto contract = reading.catalog.contract(number)) return contract->number;
  row.warn(Field::contract_number, Reason::unknown_contract, "the book has no such contract: kept without");
  return {};
}

}  // namespace

RowOutcome read_product_row(BookReading& reading, RowFacts& row) {
  Product product;
  product.place = row.place();
  product.circuit_id = row.identifier(Field::product_circuit_id);
  product.carrier = row.carrier(Field::carrier);
  const auto billing_number = row.identifier(Field::carrier_account_number);
  product.carrier_account = identifier_key(billing_number);
  product.btn = row.phone(Field::product_btn);
  product.type = product_type(row);
  product.service = row.text(Field::product_type);
  product.speed = row.text(Field::product_speed);
  product.mrc = row.money(Field::product_mrc);
  product.nrc = row.money(Field::product_nrc);
  if (row.mapped(Field::product_nrc) && !row.has(Field::product_nrc)) product.nrc = Money{0};
  product.install = row.date(Field::product_install);
  product.terminated_on = row.date(Field::product_terminated);
  product.status = product_status(row);
  product.contract = named_contract(reading, row);
  product.notes = row.note();
  const auto account = named_account(reading, row);
  if (account) product.location = named_location(reading, row, *account);
  if (!row.rejected() && identifier_key(product.circuit_id).empty()) {
    row.reject(Field::product_circuit_id, Reason::field_required, "the circuit ID holds neither letter nor digit");
  }
  if (row.rejected()) return {};
  product.account = account->name;
  if (const auto kept = reading.catalog.own_product(product)) {
    return merge_row(row, reading.book.products, *kept, product, pair_products);
  }
  note_carrier(reading, row, product.carrier);
  note_carrier_account(reading, row, product.carrier, billing_number, product.account);
  reading.catalog.add(product);
  return {};
}

}  // namespace holdfast::accounts::import_book
