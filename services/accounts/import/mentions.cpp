#include "accounts/import/mentions.h"

#include "accounts/import/rows.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

void note(std::set<std::string>& keys, std::string key) {
  if (!key.empty()) keys.insert(std::move(key));
}

// An account that the row refers to.
void mention_account(Mentions& mentions, const Catalog& catalog, const std::string& name) {
  if (!name.empty() && !catalog.account(name)) mentions.accounts.insert(fold(name));
}

// Those that are called so, or nearly.
void mention_name(Mentions& mentions, const std::string& name) {
  mentions.accounts.insert(fold(name));
  note(mentions.forms, form_key(name));
}

// An account that the row may bring itself: those of nearly the same name are worth a warning.
void mention_new_account(Mentions& mentions, const Catalog& catalog, const std::string& name) {
  if (!name.empty() && !catalog.own_account(name)) mention_name(mentions, name);
}

// Whose account is told by the place, by the person, or by a group that is called nearly as the account.
void mention_contact(Mentions& mentions, const Catalog& catalog, RowFacts& row) {
  const auto account = row.text(Field::account_name);
  if (!account.empty()) return mention_account(mentions, catalog, account);
  const auto location = row.text(Field::location_name);
  mentions.locations.insert(fold(location.empty() ? unnamed_location : location));
  note(mentions.contacts, fold(contact_name(row)));
  const auto group = row.text(Field::contact_group);
  if (!group.empty() && !catalog.account(group)) mention_name(mentions, group);
}

void mention_contract(Mentions& mentions, const Catalog& catalog, RowFacts& row) {
  const auto number = row.identifier(Field::contract_number);
  if (!number.empty() && !catalog.contract(number)) mentions.contracts.insert(fold(number));
}

// By its billing number or its circuit ID.
void mention_product(Mentions& mentions, RowFacts& row) {
  const auto written = row.identifier(Field::order_ref);
  note(mentions.billing_numbers, row.reading().phones->read(written).phone.e164);
  note(mentions.circuits, identifier_key(written));
}

}  // namespace

bool Mentions::empty() const {
  return accounts.empty() && forms.empty() && locations.empty() && contacts.empty() && contracts.empty() &&
         billing_numbers.empty() && circuits.empty();
}

void mention(Mentions& mentions, const Catalog& catalog, RowFacts& row) {
  switch (row.reading().sheet->row_is) {
    case RowKind::account:
    case RowKind::location:
      mention_new_account(mentions, catalog, row.text(Field::account_name));
      return mention_account(mentions, catalog, row.text(Field::account_parent));
    case RowKind::contact:
      return mention_contact(mentions, catalog, row);
    case RowKind::carrier:
    case RowKind::carrier_contact:
      return;
    case RowKind::product:
      mention_contract(mentions, catalog, row);
      break;
    case RowKind::carrier_account:
    case RowKind::contract:
      break;
    case RowKind::port:
    case RowKind::disconnect:
    case RowKind::port_or_disconnect:
      mention_product(mentions, row);
  }
  mention_account(mentions, catalog, row.text(Field::account_name));
}

}  // namespace holdfast::accounts::import_book
