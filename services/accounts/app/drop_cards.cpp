#include "accounts/app/drop_cards.h"

#include "accounts/domain/account.h"
#include "accounts/domain/carrier.h"
#include "accounts/domain/carrier_account.h"
#include "accounts/domain/contact.h"
#include "accounts/domain/location.h"
#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

using events::Event;

// What a resource, as it is or was, is looked for by; and whose cards show it.
void touch(Touched& touched, const Account& account) {
  touched.accounts.push_back(account.id);
  touched.names.push_back(fold(account.name));
}

void touch(Touched& touched, const Location& location) {
  touched.accounts.push_back(location.account_id);
  touched.names.push_back(fold(location.name));
  touched.keys.push_back(exact_key(location.main_phone.substr(0, location.main_phone.find(';'))));
}

void touch(Touched& touched, const Contact& contact) {
  touched.accounts.push_back(contact.account_id);
  touched.keys.push_back(exact_key(contact.phone.substr(0, contact.phone.find(';'))));
}

void touch(Touched& touched, const CarrierAccount& carrier_account) {
  touched.accounts.push_back(carrier_account.account_id);
  touched.keys.push_back(exact_key(carrier_account.number));
  touched.keys.push_back(exact_key(carrier_account.btn));
}

void touch(Touched& touched, const Product& product) {
  touched.accounts.push_back(product.account_id);
  touched.keys.push_back(exact_key(product.circuit_id));
  touched.keys.push_back(exact_key(product.btn));
  touched.products.push_back(product.id);
}

void touch(Touched& touched, const Carrier& carrier) { touched.carriers.push_back(carrier.id); }
void touch(Touched& touched, const Staff& staff) { touched.owners.push_back(staff.id); }

template <class Resource>
void touch(Touched& touched, const std::optional<Resource>& resource) {
  if (resource) touch(touched, *resource);
}

template <class Fact, class... Member>
OwnEvent own_event(const char* handler, Member Fact::*... resources) {
  wire::check<Fact>(Fields<Fact>::message);
  return {handler, events::type_of(wire::prototype(Fields<Fact>::message)),
          [resources...](Touched& touched, const Event& event) -> Result<> {
            const auto fact = TRY(events::decode<Fact>(event));
            (touch(touched, fact.*resources), ...);
            return {};
          }};
}

}  // namespace

const std::vector<OwnEvent>& own_events() {
  static const std::vector<OwnEvent> list{
      own_event("accounts.drop_created_account", &AccountCreated::account),
      own_event("accounts.drop_changed_account", &AccountChanged::account, &AccountChanged::before),
      own_event("accounts.drop_added_location", &LocationAdded::location),
      own_event("accounts.drop_changed_location", &LocationChanged::location, &LocationChanged::before),
      own_event("accounts.drop_added_contact", &ContactAdded::contact),
      own_event("accounts.drop_changed_contact", &ContactChanged::contact, &ContactChanged::before),
      own_event("accounts.drop_changed_carrier", &CarrierChanged::carrier),
      own_event("accounts.drop_changed_carrier_account", &CarrierAccountChanged::carrier_account,
                &CarrierAccountChanged::before),
      own_event("accounts.drop_added_product", &ProductAdded::product),
      own_event("accounts.drop_changed_product", &ProductChanged::product, &ProductChanged::before),
      own_event("accounts.drop_changed_staff", &StaffChanged::staff),
  };
  return list;
}

Result<> drop_with_commit(events::UnitOfWork& work, const Touched& touched, CardCache& cache) {
  const auto places = TRY(places_of(work.transaction, touched));
  cache.drop_with(work, touched, places);
  return {};
}

Result<> drop_published(events::UnitOfWork& work, CardCache& cache) {
  Touched touched;
  for (const auto& event : work.published) {
    for (const auto& own : own_events()) {
      if (own.type == event.type) CHECK_OK(own.touch(touched, event));
    }
  }
  return drop_with_commit(work, touched, cache);
}

}  // namespace holdfast::accounts
