#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/agency.h"
#include "accounts/domain/contact_hours.h"
#include "accounts/domain/copies.h"
#include "accounts/domain/product.h"
#include "accounts/domain/verification.h"

// Everything that a carrier asks when a line is down (A13), of an account or of one of its sites; whom to call there at
// that hour (A11); and what is missing (A14).
namespace holdfast::accounts {

struct CardLocation {
  LocationId id;
  std::string name;
  std::string street;
  std::string city;
  std::string state;
  std::string postal_code;
  std::string time_zone;
  std::string main_phone;
};

struct CardContact {
  ContactId id;
  std::string name;
  std::string title;
  std::string email;
  std::string phone;
  std::vector<LocationId> location_ids;
};

enum class VerificationItem { account_number, btn, service_address, contact, pin_or_passcode };

struct Readiness {
  std::int32_t have = 0;
  std::int32_t of = 0;
  std::vector<VerificationItem> missing;
};

// A secret as it lies in the database, without what is sealed.
struct StoredSecret {
  Uuid subject_id;
  VerificationKind kind{};
  Instant set_at;
};

struct CardSecret {
  VerificationKind kind{};
  std::string masked;
  Instant set_at;
};

// A product as it lies in the database, with what its carrier calls it by.
struct CardLine {
  ProductId id;
  std::string circuit_id;
  std::optional<LocationId> location_id;
  CarrierId carrier_id;
  std::string carrier_name;
  std::optional<CarrierAccountId> carrier_account_id;
  std::string carrier_account_number;
  std::string btn;  // its own, or that of the carrier's account
  ProductType type{};
  std::string service;
  std::string speed;
  ProductStatus status{};
  std::string contract_number;
};

struct CardProduct {
  CardLine line;
  std::vector<CardSecret> secrets;
  Readiness readiness;
};

struct CardCarrierAccount {
  CarrierAccountId id;
  CarrierId carrier_id;
  std::string carrier_name;
  std::string number;
  std::string btn;
};

struct CardCarrier {
  CarrierId id;
  std::string name;
  std::vector<ContactAt> repair;
  std::vector<ContactAt> escalation;
};

struct CardContract {
  ContractId id;
  std::string number;
  std::optional<LocationId> location_id;
  std::string carrier_name;
  ContractState state{};
  std::optional<Date> term_end;
  std::optional<Date> notice_deadline;
  Decision decision{};
};

struct CardTicket {
  TicketId id;
  std::string name;
  std::optional<LocationId> location_id;
  TicketStatus status{};
  Priority priority{};
  std::string carrier;
  std::string carrier_ticket;
  Instant opened_at;
};

// Of whom the card is.
struct CardHead {
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string account_name;
  std::string account_number;
  AccountStatus account_status{};
  Tier tier{};
  Staff owner;
  std::string agency_zone;
};

// What the database has of a card, a list a part.
struct CardParts {
  CardHead head;
  std::vector<CardLocation> locations;
  std::vector<CardContact> contacts;
  std::vector<CardLine> lines;
  std::vector<CardCarrierAccount> carrier_accounts;
  std::vector<CarrierContact> carrier_contacts;
  std::vector<StoredSecret> secrets;
  std::vector<CardContract> contracts;
  std::vector<CardTicket> tickets;
  std::vector<CardSource> sources;
};

struct OutageCard {
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string account_name;
  std::string account_number;
  AccountStatus account_status{};
  Tier tier{};
  Staff owner;
  std::vector<CardLocation> locations;
  std::vector<CardContact> contacts;
  std::vector<CardProduct> products;
  std::vector<CardCarrierAccount> carrier_accounts;
  std::vector<CardCarrier> carriers;
  std::vector<CardContract> contracts;
  std::vector<CardTicket> tickets;
  std::vector<CardSource> sources;
  bool more = false;
};

// A card, and how long its choice of numbers holds: until one of the carriers' desks opens or closes.
struct CardOfTheHour {
  OutageCard card;
  Instant from;
  Instant until;
};

inline constexpr std::int64_t max_card_lines = 100;   // sites, products, carriers' accounts
inline constexpr std::int64_t max_card_entries = 50;  // contacts, contracts, tickets
inline constexpr std::int64_t max_card_desks = 500;   // of all its carriers

// The lists may have one element more than a card shows.
CardOfTheHour outage_card(CardParts parts, Instant at);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::VerificationItem> =
    std::to_array<std::string_view>({"accountNumber", "btn", "serviceAddress", "contact", "pinOrPasscode"});

template <>
struct Fields<accounts::CardLocation> {
  using T = accounts::CardLocation;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"street", &T::street},
                                         Field{"city", &T::city},
                                         Field{"state", &T::state},
                                         Field{"postal_code", &T::postal_code},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"main_phone", &T::main_phone}};
};

template <>
struct Fields<accounts::CardContact> {
  using T = accounts::CardContact;
  static constexpr auto list =
      FieldList{Field{"id", &T::id},       Field{"name", &T::name},   Field{"title", &T::title},
                Field{"email", &T::email}, Field{"phone", &T::phone}, Field{"location_ids", &T::location_ids}};
};

template <>
struct Fields<accounts::Readiness> {
  using T = accounts::Readiness;
  static constexpr auto list = FieldList{Field{"have", &T::have}, Field{"of", &T::of}, Field{"missing", &T::missing}};
};

template <>
struct Fields<accounts::StoredSecret> {
  using T = accounts::StoredSecret;
  static constexpr auto list =
      FieldList{Field{"subject_id", &T::subject_id}, Field{"kind", &T::kind}, Field{"set_at", &T::set_at}};
};

template <>
struct Fields<accounts::CardSecret> {
  using T = accounts::CardSecret;
  static constexpr auto list =
      FieldList{Field{"kind", &T::kind}, Field{"masked", &T::masked}, Field{"set_at", &T::set_at}};
};

template <>
struct Fields<accounts::CardLine> {
  using T = accounts::CardLine;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"carrier_account_id", &T::carrier_account_id},
                                         Field{"carrier_account_number", &T::carrier_account_number},
                                         Field{"btn", &T::btn},
                                         Field{"type", &T::type},
                                         Field{"service", &T::service},
                                         Field{"speed", &T::speed},
                                         Field{"status", &T::status},
                                         Field{"contract_number", &T::contract_number}};
};

template <>
struct Fields<accounts::CardProduct> {
  using T = accounts::CardProduct;
  static constexpr auto list =
      FieldList{Field{"line", &T::line}, Field{"secrets", &T::secrets}, Field{"readiness", &T::readiness}};
};

template <>
struct Fields<accounts::CardCarrierAccount> {
  using T = accounts::CardCarrierAccount;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"carrier_id", &T::carrier_id}, Field{"carrier_name", &T::carrier_name},
                Field{"number", &T::number}, Field{"btn", &T::btn}};
};

template <>
struct Fields<accounts::CardCarrier> {
  using T = accounts::CardCarrier;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"repair", &T::repair},
                                         Field{"escalation", &T::escalation}};
};

template <>
struct Fields<accounts::CardContract> {
  using T = accounts::CardContract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"state", &T::state},
                                         Field{"term_end", &T::term_end},
                                         Field{"notice_deadline", &T::notice_deadline},
                                         Field{"decision", &T::decision}};
};

template <>
struct Fields<accounts::CardTicket> {
  using T = accounts::CardTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"location_id", &T::location_id},
                                         Field{"status", &T::status},
                                         Field{"priority", &T::priority},
                                         Field{"carrier", &T::carrier},
                                         Field{"carrier_ticket", &T::carrier_ticket},
                                         Field{"opened_at", &T::opened_at}};
};

template <>
struct Fields<accounts::CardHead> {
  using T = accounts::CardHead;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"account_name", &T::account_name},
                                         Field{"account_number", &T::account_number},
                                         Field{"account_status", &T::account_status},
                                         Field{"tier", &T::tier},
                                         Field{"owner", &T::owner},
                                         Field{"agency_zone", &T::agency_zone}};
};

template <>
struct Fields<accounts::OutageCard> {
  using T = accounts::OutageCard;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"account_name", &T::account_name},
                                         Field{"account_number", &T::account_number},
                                         Field{"account_status", &T::account_status},
                                         Field{"tier", &T::tier},
                                         Field{"owner", &T::owner},
                                         Field{"locations", &T::locations},
                                         Field{"contacts", &T::contacts},
                                         Field{"products", &T::products},
                                         Field{"carrier_accounts", &T::carrier_accounts},
                                         Field{"carriers", &T::carriers},
                                         Field{"contracts", &T::contracts},
                                         Field{"tickets", &T::tickets},
                                         Field{"sources", &T::sources},
                                         Field{"more", &T::more}};
};

}  // namespace holdfast
