#pragma once

#include "accounts/app/carriers.h"
#include "accounts/app/products.h"
#include "accounts/app/tests/with_agency.h"

namespace holdfast::accounts {

// An agency with a customer at one site, and a carrier that bills it.
struct WithInventory : WithAgency {
  void SetUp() override {
    WithAgency::SetUp();
    account = make_account("Acme");
    location = run(add_location, AddLocation{.account_id = account, .name = "HQ", .time_zone = "America/Denver"})->id;
    carrier = run(create_carrier, CreateCarrier{.name = "Lumen"})->id;
    carrier_account = run(add_carrier_account,
                          AddCarrierAccount{.carrier_id = carrier, .number = "5-ABC 0149", .account_id = account})
                          ->id;
    take_published();
  }

  AddProduct circuit(const std::string& circuit_id) const {
    return {.account_id = account,
            .location_id = location,
            .carrier_id = carrier,
            .carrier_account_id = carrier_account,
            .circuit_id = circuit_id,
            .btn = "617-555-0149",
            .type = ProductType::circuit,
            .service = "DIA",
            .mrc = Money{45000, "USD"},
            .installed_on = *parse_date("2024-03-01")};
  }

  AccountId account;
  LocationId location;
  CarrierId carrier;
  CarrierAccountId carrier_account;
};

}  // namespace holdfast::accounts
