#include "accounts/events/own_book.h"

#include "accounts/app/drop_cards.h"
#include "accounts/app/taken_back.h"

namespace holdfast::accounts {
namespace {

// Each event carries the resource whole, and the newest version stands.
template <class Resource>
void take_back_all(events::OwnEvents& own, std::string_view resource, const char* place,
                   Result<bool> (*take_back)(events::UnitOfWork&, const Resource&)) {
  own.on_all<Resource>(resource, place, "accounts.take_back.",
                       [take_back](events::UnitOfWork& work, const Resource& told, const events::Event&) {
                         return take_back(work, told);
                       });
}

}  // namespace

void follow_own_book(events::Consumer& consumer, CardCache& cache) {
  for (const auto& own : own_events()) {
    consumer.on(own.handler, own.type,
                [&own, &cache](events::UnitOfWork& work, const events::Event& event) -> Result<> {
                  Touched touched;
                  CHECK_OK(own.touch(touched, event));
                  return drop_with_commit(work, touched, cache);
                });
  }
}

void take_back_own_book(events::OwnEvents& own) {
  take_back_all<Staff>(own, "holdfast.accounts.v1.Staff", "staff", take_back_staff);
  take_back_all<Account>(own, "holdfast.accounts.v1.Account", "account", take_back_account);
  take_back_all<Location>(own, "holdfast.accounts.v1.Location", "location", take_back_location);
  take_back_all<Contact>(own, "holdfast.accounts.v1.Contact", "contact", take_back_contact);
  take_back_all<CarrierAccount>(own, "holdfast.accounts.v1.CarrierAccount", "carrier_account",
                                take_back_carrier_account);
  take_back_all<Product>(own, "holdfast.accounts.v1.Product", "product", take_back_product);
  own.on<CarrierChanged>("accounts.take_back.CarrierChanged",
                         [](events::UnitOfWork& work, const CarrierChanged& told, const events::Event&,
                            events::Missing) -> Result<events::OwnEvents::Place> {
                           const bool taken = TRY(take_back_carrier(work, told));
                           return events::OwnEvents::Place{told.carrier.id.uuid, told.carrier.version, taken};
                         });
}

}  // namespace holdfast::accounts
