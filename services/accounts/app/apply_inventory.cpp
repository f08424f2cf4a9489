#include <algorithm>
#include <map>

#include "accounts/app/apply_records.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/lay_onto.h"
#include "accounts/store/import_matches.sql.h"
#include "accounts/store/import_writes.sql.h"

namespace holdfast::accounts {

struct CarrierAccountMatch {
  std::int64_t place = 0;
  std::optional<CarrierId> carrier_id;
  std::optional<AccountId> account_id;
  std::optional<CarrierAccount> existing;
};

struct ProductMatch {
  std::int64_t place = 0;
  std::optional<AccountId> account_id;
  std::optional<LocationId> location_id;
  std::optional<CarrierId> carrier_id;
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<ContractId> contract_id;
  std::optional<Product> existing;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::CarrierAccountMatch> {
  using T = accounts::CarrierAccountMatch;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"carrier_id", &T::carrier_id},
                                         Field{"account_id", &T::account_id}, Field{"existing", &T::existing}};
};

template <>
struct Fields<accounts::ProductMatch> {
  using T = accounts::ProductMatch;
  static constexpr auto list = FieldList{Field{"place", &T::place},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_account_id", &T::carrier_account_id},
                                         Field{"contract_id", &T::contract_id},
                                         Field{"existing", &T::existing}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

Result<std::vector<CarrierAccountMatch>> match(Chunk& chunk, const std::vector<size_t>& places,
                                               const std::vector<import_book::CarrierAccount>& said) {
  std::vector<std::string> carriers, numbers, accounts;
  std::vector<Uuid> sources;
  for (size_t at = 0; at < places.size(); ++at) {
    carriers.push_back(fold(said[at].carrier));
    numbers.push_back(identifier_key(said[at].number));
    accounts.push_back(fold(said[at].account));
    sources.push_back(chunk.records[places[at]].source_id);
  }
  return chunk.transaction().many<CarrierAccountMatch>(statements::match_carrier_accounts, chunk.agency(), carriers,
                                                       numbers, accounts, sources);
}

Result<std::vector<ProductMatch>> match(Chunk& chunk, const std::vector<size_t>& places,
                                        const std::vector<import_book::Product>& said) {
  std::vector<std::string> accounts, locations, carriers, numbers, circuits;
  std::vector<std::int32_t> over;
  std::vector<std::optional<Date>> installed;
  std::vector<Uuid> contracts, sources;
  for (size_t at = 0; at < places.size(); ++at) {
    const auto& product = said[at];
    accounts.push_back(fold(product.account));
    locations.push_back(fold(product.location));
    carriers.push_back(fold(product.carrier));
    numbers.push_back(product.carrier_account);
    contracts.push_back(contract_source(chunk.agency(), product.contract));
    circuits.push_back(identifier_key(product.circuit_id));
    installed.push_back(product.install);
    over.push_back(product.status == import_book::ProductStatus::terminated ? 1 : 0);
    sources.push_back(chunk.records[places[at]].source_id);
  }
  return chunk.transaction().many<ProductMatch>(statements::match_products, chunk.agency(), accounts, locations,
                                                carriers, numbers, contracts, circuits, installed, over, sources);
}

// What the product refers to; nothing where that has gone since the book was read.
std::optional<import_book::ProductIds> ids_of(const Chunk& chunk, const import_book::Product& said,
                                              const ProductMatch& match, const Uuid& source) {
  const auto agency = chunk.agency();
  const auto account = referred(chunk, match.account_id, account_source(agency, said.account));
  const auto carrier = referred(chunk, match.carrier_id, carrier_source(agency, said.carrier));
  if (!account || !carrier) return std::nullopt;
  import_book::ProductIds ids{
      .id = ProductId{source}, .account = *account, .carrier = *carrier, .contract = match.contract_id};
  if (!said.location.empty()) {
    ids.location = referred(chunk, match.location_id, location_source(agency, said.account, said.location));
    if (!ids.location) return std::nullopt;
  }
  if (!said.carrier_account.empty()) {
    ids.carrier_account =
        referred(chunk, match.carrier_account_id, carrier_account_source(agency, said.carrier, said.carrier_account));
  }
  return ids;
}

void publish(Chunk& chunk, const Changes<Product>& changes) {
  for (const auto& product : changes.created) chunk.work.publish(ProductAdded{product});
  for (const auto& [before, after] : changes.changed) {
    chunk.work.publish(ProductChanged{after, before});
    if (after.status != before.status) chunk.work.publish(ProductStateChanged{after, before.status, ""});
  }
}

}  // namespace

Result<> apply_carrier_accounts(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::CarrierAccount>(chunk, places));
  const auto matches = TRY(match(chunk, places, said));
  Changes<CarrierAccount> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const auto place = places[at];
    const auto carrier = referred(chunk, match.carrier_id, carrier_source(chunk.agency(), said[at].carrier));
    const auto account = referred(chunk, match.account_id, account_source(chunk.agency(), said[at].account));
    if (!carrier || !account) {
      chunk.reject(place, Reason::unknown_customer, "its carrier or account is not there any more");
      continue;
    }
    const CarrierAccountId id{chunk.records[place].source_id};
    note_change(chunk, place, match.existing, lay_onto(match.existing, said[at], id, *carrier, *account), changes);
  }
  if (chunk.dry_run) return {};
  CHECK_OK(write_changes(chunk, changes, statements::insert_carrier_accounts, statements::update_carrier_accounts,
                         [](const CarrierAccount& account) { return identifier_key(account.number); }));
  for (const auto& account : changes.created) chunk.work.publish(CarrierAccountChanged{account, std::nullopt});
  for (const auto& [before, after] : changes.changed) chunk.work.publish(CarrierAccountChanged{after, before});
  return {};
}

Result<> apply_products(Chunk& chunk) {
  const auto places = TRY(chunk.unsettled());
  if (places.empty()) return {};
  const auto said = TRY(records_at<import_book::Product>(chunk, places));
  const auto matches = TRY(match(chunk, places, said));
  Changes<Product> changes;
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    const auto place = places[at];
    const auto ids = ids_of(chunk, said[at], match, chunk.records[place].source_id);
    if (!ids) {
      chunk.reject(place, Reason::unknown_customer, "its account, location or carrier is not there any more");
      continue;
    }
    note_change(chunk, place, match.existing, lay_onto(match.existing, said[at], *ids), changes);
  }
  if (chunk.dry_run) return {};
  CHECK_OK(write_changes(chunk, changes, statements::insert_products, statements::update_products,
                         [](const Product& product) { return identifier_key(product.circuit_id); }));
  publish(chunk, changes);
  return {};
}

}  // namespace holdfast::accounts
