#pragma once

#include "accounts/app/drop_cards.h"
#include "accounts/app/tests/with_agency.h"
#include "accounts/domain/carrier.h"
#include "accounts/domain/carrier_account.h"
#include "accounts/domain/text.h"
#include "accounts/events/copies.h"
#include "accounts/events/own_book.h"
#include "accounts/rpc/lookup.h"
#include "holdfast/accounts/v1/lookup.pb.h"
#include "holdfast/contracts/v1/events.pb.h"
#include "holdfast/tickets/v1/events.pb.h"
#include "runtime/cache/tests/private_redis.h"

namespace holdfast::accounts {

// The inventory as its verbs leave it: the row and the fact.
namespace inventory {

constexpr sql::Statement put_carrier{"test.put_carrier",
                                     "INSERT INTO carriers (agency_id, id, name, notes, version, name_key) "
                                     "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr sql::Statement put_desk{
    "test.put_desk",
    "INSERT INTO carrier_contacts (agency_id, id, carrier_id, function, level, name, phone, after_hours_phone, email, "
    "hours, time_zone, verified_on, notes, version, function_key, name_key) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
    "ON CONFLICT (agency_id, id) DO UPDATE SET phone = excluded.phone"};
constexpr sql::Statement put_carrier_account{
    "test.put_carrier_account",
    "INSERT INTO carrier_accounts (agency_id, id, carrier_id, number, account_id, btn, version, number_key) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr sql::Statement put_product{
    "test.put_product",
    "INSERT INTO products (agency_id, id, account_id, location_id, carrier_id, carrier_account_id, circuit_id, btn, "
    "type, service, speed, mrc_minor, mrc_currency, nrc_minor, nrc_currency, installed_on, terminated_on, status, "
    "contract_number, contract_id, notes, version, circuit_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
    "$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) ON CONFLICT (agency_id, id) DO UPDATE "
    "SET circuit_id = excluded.circuit_id, circuit_key = excluded.circuit_key, service = excluded.service, "
    "status = excluded.status"};
constexpr sql::Statement put_pin{
    "test.put_pin",
    "INSERT INTO verification_data (agency_id, carrier_account_id, kind, key_id, sealed, set_at, set_by) "
    "VALUES ($1::uuid, $2::uuid, 'pin', 'k1', 'sealed', '2026-01-01', 'somebody')"};

inline Result<> put(UnitOfWork& work, const Carrier& carrier) {
  CHECK_OK(work.transaction.exec(put_carrier, work.agency(), carrier, fold(carrier.name)));
  work.publish(CarrierChanged{carrier, {}, {}});
  return {};
}

inline Result<> put(UnitOfWork& work, const CarrierContact& desk) {
  CHECK_OK(work.transaction.exec(put_desk, work.agency(), desk, fold(desk.function), fold(desk.name)));
  work.publish(CarrierChanged{Carrier{.id = desk.carrier_id, .name = "Lumen", .notes = {}, .version = 2}, {desk}, {}});
  return {};
}

inline Result<> put(UnitOfWork& work, const CarrierAccount& carrier_account) {
  CHECK_OK(work.transaction.exec(put_carrier_account, work.agency(), carrier_account,
                                 identifier_key(carrier_account.number)));
  work.publish(CarrierAccountChanged{carrier_account, {}});
  return {};
}

// `before` is the product as it was; the same for a new one.
inline Result<> put(UnitOfWork& work, const Product& product, const Product& before) {
  CHECK_OK(work.transaction.exec(put_product, work.agency(), product, identifier_key(product.circuit_id)));
  if (product.version == 1) work.publish(ProductAdded{product});
  if (product.version > 1) work.publish(ProductChanged{product, before});
  return {};
}

}  // namespace inventory

// A process with its caches: what one replica is made of.
struct Replica {
  Replica(const std::string& database_url, const cache::RedisOptions& options, const Clock& clock)
      : database({.url = database_url, .pool_size = 1, .constraints = constraints}),
        redis(options, registry),
        cache({}, &redis, clock, registry),
        answers(database, cache, clock) {
    EXPECT_TRUE(redis.wait_until_linked(cache::soon()));
  }

  metrics::Registry registry;
  sql::Database database;
  cache::RedisTier redis;
  CardCache cache;
  LookupAnswers answers;
};

// An agency whose book has a customer with two sites, and what a lookup needs of it; and a replica that answers.
struct WithLookup : WithAgency {
  void SetUp() override {
    WithAgency::SetUp();
    follow_own_book(consumer, replica.cache);
    follow_contracts(consumer, replica.cache);
    follow_tickets(consumer, replica.cache);
    make_book();
  }

  // As an RPC runs a verb.
  template <class Verb, class Command>
  auto change(Verb verb, const Command& command) {
    return run(dropping(replica.cache, verb), command);
  }
  template <class... Resource>
  void keep(const Resource&... resource) {
    const auto kept = transactor.run(call, [&](UnitOfWork& work) -> Result<> {
      CHECK_OK(inventory::put(work, resource...));
      return drop_published(work, replica.cache);
    });
    EXPECT_TRUE(kept) << describe(kept.error());
  }

  void make_book() {
    account = make_account("Harborview Credit Union");
    hq = site({.account_id = account,
               .name = "Headquarters",
               .street = "2100 Main Street, Suite 4",
               .city = "Boston",
               .state = "MA",
               .time_zone = "America/New_York",
               .main_phone = "617-555-0100"});
    annex = site({.account_id = account,
                  .name = "Annex",
                  .street = "7 Harbor Avenue",
                  .city = "Quincy",
                  .time_zone = "America/New_York"});
    EXPECT_TRUE(change(
        add_contact,
        AddContact{.account_id = account, .name = "Jan Site", .phone = "617-555-0101 x7", .location_ids = {hq}}));
    keep(Carrier{.id = carrier, .name = "Lumen", .notes = {}, .version = 1});
    desk.id = CarrierContactId{new_uuid()};
    desk.carrier_id = carrier;
    desk.function = "repair";
    desk.phone = "+13035550111";
    desk.after_hours_phone = "+13035550199";
    desk.hours = {"Mon-Fri 08:00-17:00"};
    desk.time_zone = "America/Denver";
    keep(desk);
    keep(CarrierAccount{.id = carrier_account,
                        .carrier_id = carrier,
                        .number = "L3-440 771",
                        .account_id = account,
                        .btn = "+16175550149",
                        .version = 1});
    circuit = line(hq, "32/HCGS/123456//SW");
    line(annex, "32/HCGS/654321//SW");
  }

  LocationId site(const AddLocation& command) {
    const auto added = change(add_location, command);
    EXPECT_TRUE(added) << describe(added.error());
    return added ? added->id : LocationId{};
  }

  Product line(LocationId location, const std::string& circuit_id) {
    Product product;
    product.id = ProductId{new_uuid()};
    product.account_id = account;
    product.location_id = location;
    product.carrier_id = carrier;
    product.carrier_account_id = carrier_account;
    product.circuit_id = circuit_id;
    product.service = "DIA";
    product.status = ProductStatus::active;
    product.version = 1;
    keep(product, product);
    return product;
  }

  // The circuit after `how`.
  void change_circuit(const std::function<void(Product&)>& how) {
    auto changed = circuit;
    how(changed);
    ++changed.version;
    keep(changed, circuit);
    circuit = changed;
  }

  // As the adapter does it: near first, on gRPC's thread, then on the executor's.
  v1::LookUpResponse look_up(const std::string& query, v1::LookupKind kind = v1::LOOKUP_KIND_UNSPECIFIED) {
    return look_up_at(replica, call, query, kind);
  }
  static v1::LookUpResponse look_up_at(Replica& at, const Call& as, const std::string& query,
                                       v1::LookupKind kind = v1::LOOKUP_KIND_UNSPECIFIED) {
    v1::LookUpRequest request;
    request.set_query(query);
    request.set_kind(kind);
    v1::LookUpResponse response;
    if (const auto near = at.answers.recall_look_up(as, request)) {
      EXPECT_TRUE(response.ParseFromString(*near));
      return response;
    }
    const auto bytes = at.answers.look_up(as, request);
    EXPECT_TRUE(bytes) << describe(bytes.error());
    EXPECT_TRUE(bytes && response.ParseFromString(*bytes));
    return response;
  }

  v1::OutageCard card() { return look_up("32/HCGS/123456//SW").card(); }

  // What is found, as "kind text".
  static std::vector<std::string> names_of(const v1::LookUpResponse& response) {
    std::vector<std::string> names;
    for (const auto& match : response.matches()) {
      names.push_back(v1::LookupKind_Name(match.kind()).substr(std::string("LOOKUP_KIND_").size()) + " " +
                      match.text());
    }
    return names;
  }

  // Hands an event of another service to its handler, as Kafka would.
  Result<> hear(const google::protobuf::Message& message, const std::string& handler, std::int64_t sequence) {
    auto event = events::encode(message, agency, clock.now());
    event.sequence = sequence;
    return consumer.handle("accounts.follow." + handler, event);
  }

  contracts::v1::Contract contract(std::int64_t version) const {
    contracts::v1::Contract contract;
    contract.set_id(to_string(contract_id));
    contract.set_number("C-1");
    contract.set_account_id(to_string(account));
    contract.set_carrier_name("Lumen");
    contract.set_state(contracts::v1::CONTRACT_STATE_ACTIVE);
    contract.set_decision(contracts::v1::DECISION_UNDECIDED);
    contract.mutable_current_term()->set_end("2026-12-31");
    contract.mutable_current_term()->set_notice_deadline("2026-10-02");
    contract.set_version(version);
    return contract;
  }

  tickets::v1::Ticket ticket(std::int64_t version, tickets::v1::TicketStatus status) const {
    tickets::v1::Ticket ticket;
    ticket.set_id(to_string(ticket_id));
    ticket.set_account_id(to_string(account));
    ticket.set_location_id(to_string(hq));
    ticket.set_name("Circuit down");
    ticket.set_status(status);
    ticket.set_priority(tickets::v1::PRIORITY_P1);
    ticket.mutable_opened_at()->set_seconds(1'767'600'000);
    ticket.set_version(version);
    return ticket;
  }

  cache::PrivateRedis server;
  Replica replica{temporary.url(), server.options(), clock};
  events::Consumer consumer{transactor, {.group = "test"}};
  AccountId account;
  LocationId hq, annex;
  CarrierId carrier{new_uuid()};
  CarrierAccountId carrier_account{new_uuid()};
  CarrierContact desk;
  Product circuit;
  Uuid contract_id = new_uuid();
  Uuid ticket_id = new_uuid();
};

}  // namespace holdfast::accounts
