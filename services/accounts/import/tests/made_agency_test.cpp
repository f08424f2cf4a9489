#include "accounts/import/tests/made_agency.h"

#include <map>

#include "accounts/import/book_fields.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

void note(Mentions& asked, const Mentions& mentions) {
  asked.accounts.insert(mentions.accounts.begin(), mentions.accounts.end());
  asked.forms.insert(mentions.forms.begin(), mentions.forms.end());
  asked.locations.insert(mentions.locations.begin(), mentions.locations.end());
  asked.contacts.insert(mentions.contacts.begin(), mentions.contacts.end());
  asked.contracts.insert(mentions.contracts.begin(), mentions.contracts.end());
  asked.billing_numbers.insert(mentions.billing_numbers.begin(), mentions.billing_numbers.end());
  asked.circuits.insert(mentions.circuits.begin(), mentions.circuits.end());
}

}  // namespace

Result<std::vector<std::string>> MadeAgency::carriers() {
  std::vector<std::string> names;
  for (const auto& carrier : book_.carriers) names.push_back(carrier.name);
  return names;
}

Result<std::vector<Order>> MadeAgency::ports() {
  std::vector<Order> ports;
  for (const auto& order : book_.orders) {
    if (order.kind == OrderKind::port) ports.push_back(order);
  }
  return ports;
}

std::set<std::string> MadeAgency::mentioned_accounts(const Mentions& mentions) const {
  auto names = mentions.accounts;
  for (const auto& location : book_.locations) {
    if (mentions.locations.contains(fold(location.name))) names.insert(fold(location.account));
  }
  for (const auto& contact : book_.contacts) {
    if (mentions.contacts.contains(fold(contact.name))) names.insert(fold(contact.account));
  }
  std::map<std::string, int> told;
  for (const auto& account : book_.accounts) {
    const auto form = form_key(account.name);
    if (mentions.forms.contains(form) && ++told[form] <= 2) names.insert(fold(account.name));
  }
  for (size_t before = 0; before != names.size();) {
    before = names.size();
    for (const auto& account : book_.accounts) {
      if (names.contains(fold(account.name)) && !account.parent.empty()) names.insert(fold(account.parent));
    }
  }
  return names;
}

Result<> MadeAgency::find(const Mentions& mentions, Catalog& catalog) {
  note(asked_, mentions);
  ++times_asked_;
  const bool all = tells_ == Tells::all;
  const auto accounts = mentioned_accounts(mentions);
  for (const auto& account : book_.accounts) {
    if (all || accounts.contains(fold(account.name))) catalog.know(account);
  }
  for (const auto& location : book_.locations) {
    if (all || accounts.contains(fold(location.account))) catalog.know(location);
  }
  for (const auto& contact : book_.contacts) {
    if (all || mentions.contacts.contains(fold(contact.name))) catalog.know(contact);
  }
  for (const auto& contract : book_.contracts) {
    if (all || mentions.contracts.contains(fold(contract.number))) catalog.know(contract);
  }
  for (const auto& product : book_.products) {
    const bool mentioned = mentions.billing_numbers.contains(product.btn.e164) ||
                           mentions.circuits.contains(identifier_key(product.circuit_id));
    if (all || mentioned) catalog.know(product);
  }
  return {};
}

}  // namespace holdfast::accounts::import_book
