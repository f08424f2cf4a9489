#include "accounts/domain/product.h"

#include <algorithm>
#include <initializer_list>

#include "accounts/domain/change.h"
#include "accounts/domain/phone.h"
#include "accounts/domain/text.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts {
namespace {

using Status = ProductStatus;

// TMF637's life cycle; what is suspended may end as well.
std::vector<Status> states_behind(Status status) {
  switch (status) {
    case Status::created:
      return {Status::pending_active, Status::cancelled, Status::aborted};
    case Status::pending_active:
      return {Status::active, Status::cancelled, Status::aborted};
    case Status::active:
      return {Status::suspended, Status::pending_terminate};
    case Status::suspended:
      return {Status::active, Status::pending_terminate};
    case Status::pending_terminate:
      return {Status::active, Status::terminated};
    case Status::terminated:
    case Status::cancelled:
    case Status::aborted:
      return {};
  }
  return {};
}

Error illegal(Status from, Status to) {
  std::string may;
  for (const auto next : states_behind(from)) (may += may.empty() ? "" : ", ") += to_string(next);
  return fail(Reason::illegal_transition, "status",
              std::string(to_string(from)) + " is not followed by " + std::string(to_string(to)) +
                  (may.empty() ? ": it is final" : ", but by " + may));
}

bool may_follow(Status from, Status to) {
  const auto next = states_behind(from);
  return std::ranges::find(next, to) != next.end();
}

Result<> check_money(const char* field, const std::optional<Money>& amount) {
  if (!amount) return {};
  const auto& currency = amount->currency;
  const bool is_code =
      currency.size() == 3 && std::ranges::all_of(currency, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
  if (!is_code) {
    return fail(Reason::money_invalid, field + std::string(".currency"), "is no ISO 4217 code such as USD");
  }
  if (amount->minor < 0) return fail(Reason::money_invalid, field + std::string(".minor"), "is negative");
  return {};
}

Result<> check_days(const Product& product) {
  if (product.installed_on && product.terminated_on && *product.terminated_on < *product.installed_on) {
    return fail(Reason::end_before_start, "terminated_on", "is before it was installed");
  }
  return {};
}

Result<> check_surroundings(const Product& product, const ProductSurroundings& known) {
  if (!known.carrier_exists) {
    return fail(Reason::carrier_not_found, "carrier_id", "there is no carrier " + to_string(product.carrier_id));
  }
  if (product.location_id && !known.account_of_location) {
    return fail(Reason::location_not_found, "location_id", "there is no location " + to_string(*product.location_id));
  }
  if (product.location_id && known.account_of_location != product.account_id) {
    return fail(Reason::location_of_other_account, "location_id", "is another account's");
  }
  if (!product.carrier_account_id) return {};
  if (!known.carrier_of_carrier_account) {
    return fail(Reason::carrier_account_not_found, "carrier_account_id",
                "there is no carrier account " + to_string(*product.carrier_account_id));
  }
  if (known.carrier_of_carrier_account != product.carrier_id ||
      known.account_of_carrier_account != product.account_id) {
    return fail(Reason::carrier_account_of_other_carrier, "carrier_account_id", "is another carrier's or account's");
  }
  return {};
}

Result<Product> checked(Product product) {
  product.circuit_id = TRY(read_identifier("circuit_id", product.circuit_id));
  product.btn = TRY(read_phone("btn", product.btn));
  product.service = TRY(read_line("service", product.service));
  product.speed = TRY(read_line("speed", product.speed));
  product.contract_number = TRY(read_line("contract_number", product.contract_number));
  product.notes = TRY(read_notes("notes", product.notes));
  CHECK_OK(check_money("mrc", product.mrc));
  CHECK_OK(check_money("nrc", product.nrc));
  CHECK_OK(check_days(product));
  return product;
}

Product with_changes(Product product, const ChangeProduct& command) {
  set(product.location_id, command.location_id);
  set(product.carrier_account_id, command.carrier_account_id);
  set(product.circuit_id, command.circuit_id);
  set(product.btn, command.btn);
  set(product.type, command.type);
  set(product.service, command.service);
  set(product.speed, command.speed);
  set(product.mrc, command.mrc);
  set(product.nrc, command.nrc);
  set(product.installed_on, command.installed_on);
  set(product.status, command.status);
  set(product.contract_number, command.contract_number);
  set(product.contract_id, command.contract_id);
  set(product.notes, command.notes);
  return product;
}

}  // namespace

bool is_over(ProductStatus status) { return states_behind(status).empty(); }

Result<Product> add(const AddProduct& command, AccountStatus account, const ProductSurroundings& surroundings,
                    Instant now) {
  CHECK_OK(check_open(account));
  const auto status = command.status.value_or(Status::active);
  if (is_over(status) || status == Status::pending_terminate) {
    return fail(Reason::illegal_transition, "status", "a product does not begin with its end");
  }
  Product product{.id = command.id.value_or(new_id<ProductId>(now)),
                  .account_id = command.account_id,
                  .location_id = command.location_id,
                  .carrier_id = command.carrier_id,
                  .carrier_account_id = command.carrier_account_id,
                  .circuit_id = command.circuit_id,
                  .btn = command.btn,
                  .type = command.type.value_or(ProductType::other),
                  .service = command.service,
                  .speed = command.speed,
                  .mrc = command.mrc,
                  .nrc = command.nrc,
                  .installed_on = command.installed_on,
                  .terminated_on = {},
                  .status = status,
                  .contract_number = command.contract_number,
                  .contract_id = command.contract_id,
                  .notes = command.notes,
                  .version = 1};
  CHECK_OK(check_surroundings(product, surroundings));
  return checked(std::move(product));
}

Result<Product> change(const Product& before, const ChangeProduct& command, const ProductSurroundings& surroundings) {
  using T = Product;
  CHECK_OK(check_etag(before, command.etag));
  CHECK_OK(check_size("reason", command.reason, max_reason_bytes));
  auto product = with_changes(before, command);
  CHECK_OK(clear_fields(product, command.clear, Field{"location_id", &T::location_id},
                        Field{"carrier_account_id", &T::carrier_account_id}, Field{"mrc", &T::mrc},
                        Field{"nrc", &T::nrc}, Field{"installed_on", &T::installed_on},
                        Field{"contract_id", &T::contract_id}));
  if (product.status != before.status) {
    if (!may_follow(before.status, product.status)) return illegal(before.status, product.status);
    if (product.status == Status::terminated) {
      return fail(Reason::illegal_transition, "status", "a product is terminated with its last day");
    }
    if (product.status == Status::active) product.terminated_on = {};
  }
  CHECK_OK(check_surroundings(product, surroundings));
  return next_version(before, TRY(checked(std::move(product))));
}

Result<Product> terminate(const Product& before, const TerminateProduct& command, Date today) {
  CHECK_OK(check_etag(before, command.etag));
  CHECK_OK(check_size("reason", command.reason, max_reason_bytes));
  auto product = before;
  product.terminated_on = command.terminated_on;
  product.status = command.terminated_on < today ? Status::terminated : Status::pending_terminate;
  const bool may_end =
      before.status == Status::pending_terminate || may_follow(before.status, Status::pending_terminate);
  if (!may_end) return illegal(before.status, product.status);
  CHECK_OK(check_days(product));
  return next_version(before, std::move(product));
}

}  // namespace holdfast::accounts
