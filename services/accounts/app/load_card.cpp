#include <set>

#include "accounts/app/lookup.h"
#include "accounts/store/cards.sql.h"

namespace holdfast::accounts {
namespace {

// A list that has one element more than is shown has more.
constexpr auto most_lines = max_card_lines + 1;
constexpr auto most_entries = max_card_entries + 1;

std::vector<CarrierId> carriers_of(const CardParts& parts) {
  std::set<CarrierId> carriers;
  for (const auto& line : parts.lines) carriers.insert(line.carrier_id);
  for (const auto& one : parts.carrier_accounts) carriers.insert(one.carrier_id);
  return {carriers.begin(), carriers.end()};
}

std::vector<Uuid> subjects_of(const CardParts& parts) {
  std::set<Uuid> subjects;
  for (const auto& line : parts.lines) {
    subjects.insert(line.id.uuid);
    if (line.carrier_account_id) subjects.insert(line.carrier_account_id->uuid);
  }
  return {subjects.begin(), subjects.end()};
}

}  // namespace

Result<std::optional<CardOfTheHour>> load_card(sql::Transaction& transaction, const Uuid& place, Instant at) {
  const auto agency = transaction.agency();
  auto head = TRY((transaction.maybe<CardHead>(statements::card_head, agency, place)));
  if (!head) return std::optional<CardOfTheHour>();
  CardParts parts;
  parts.head = *std::move(head);
  const auto account = parts.head.account_id;
  const auto site = parts.head.location_id;
  parts.locations =
      TRY((transaction.many<CardLocation>(statements::card_locations, agency, account, site, most_lines)));
  parts.contacts = TRY((transaction.many<CardContact>(statements::card_contacts, agency, account, site, most_entries)));
  parts.lines = TRY((transaction.many<CardLine>(statements::card_products, agency, account, site, most_lines)));
  parts.carrier_accounts =
      TRY((transaction.many<CardCarrierAccount>(statements::card_carrier_accounts, agency, account, site, most_lines)));
  parts.carrier_contacts = TRY((
      transaction.many<CarrierContact>(statements::card_carrier_contacts, agency, carriers_of(parts), max_card_desks)));
  parts.secrets = TRY((transaction.many<StoredSecret>(statements::card_secrets, agency, subjects_of(parts))));
  parts.contracts =
      TRY((transaction.many<CardContract>(statements::card_contracts, agency, account, site, most_entries)));
  parts.tickets = TRY((transaction.many<CardTicket>(statements::card_tickets, agency, account, site, most_entries)));
  parts.sources = TRY((transaction.many<CardSource>(statements::card_sources, agency, account)));
  return std::optional(outage_card(std::move(parts), at));
}

}  // namespace holdfast::accounts
