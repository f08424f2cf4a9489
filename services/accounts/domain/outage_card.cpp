#include "accounts/domain/outage_card.h"

#include <algorithm>

#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

// No card is kept for longer, so that a desk that never closes needs no special case.
constexpr std::chrono::days longest_hour{1};

template <class Element>
bool cut(std::vector<Element>& list, std::int64_t most) {
  if (list.size() <= static_cast<size_t>(most)) return false;
  list.resize(static_cast<size_t>(most));
  return true;
}

bool cut_all(CardParts& parts) {
  bool more = cut(parts.locations, max_card_lines);
  more = cut(parts.lines, max_card_lines) || more;
  more = cut(parts.carrier_accounts, max_card_lines) || more;
  more = cut(parts.contacts, max_card_entries) || more;
  more = cut(parts.contracts, max_card_entries) || more;
  return cut(parts.tickets, max_card_entries) || more;
}

bool has_address(const CardParts& parts, const CardLine& line) {
  const auto location = std::ranges::find_if(
      parts.locations, [&](const CardLocation& one) { return line.location_id && one.id == *line.location_id; });
  return location != parts.locations.end() && !location->street.empty() && !location->city.empty();
}

bool has_contact(const CardParts& parts, const CardLine& line) {
  return std::ranges::any_of(parts.contacts, [&](const CardContact& one) {
    const bool serves =
        one.location_ids.empty() ||
        (line.location_id && std::ranges::find(one.location_ids, *line.location_id) != one.location_ids.end());
    return serves && !one.phone.empty();
  });
}

std::vector<CardSecret> secrets_of(const CardParts& parts, const CardLine& line) {
  std::vector<CardSecret> secrets;
  for (const auto& one : parts.secrets) {
    const bool of_account = line.carrier_account_id && one.subject_id == line.carrier_account_id->uuid;
    if (!of_account && one.subject_id != line.id.uuid) continue;
    secrets.push_back({one.kind, masked({}).masked, one.set_at});
  }
  return secrets;
}

Readiness readiness_of(const CardParts& parts, const CardLine& line, bool has_secret) {
  Readiness readiness;
  const auto check = [&](VerificationItem item, bool is_there) {
    ++readiness.of;
    if (is_there) ++readiness.have;
    if (!is_there) readiness.missing.push_back(item);
  };
  check(VerificationItem::account_number, !line.carrier_account_number.empty());
  check(VerificationItem::btn, !line.btn.empty());
  check(VerificationItem::service_address, has_address(parts, line));
  check(VerificationItem::contact, has_contact(parts, line));
  check(VerificationItem::pin_or_passcode, has_secret);
  return readiness;
}

std::vector<CardProduct> products_of(const CardParts& parts) {
  std::vector<CardProduct> products;
  for (const auto& line : parts.lines) {
    auto secrets = secrets_of(parts, line);
    auto readiness = readiness_of(parts, line, !secrets.empty());
    products.push_back({line, std::move(secrets), std::move(readiness)});
  }
  return products;
}

std::vector<ContactAt> desks(const CardParts& parts, const CarrierId& carrier, std::string_view function,
                             const ZoneName& zone, Instant at) {
  std::vector<CarrierContact> contacts;
  for (const auto& one : parts.carrier_contacts) {
    if (one.carrier_id == carrier && fold(one.function) == function) contacts.push_back(one);
  }
  return contacts_at(contacts, zone, at);
}

void add_carrier(const CardParts& parts, const CarrierId& id, const std::string& name, const ZoneName& zone, Instant at,
                 std::vector<CardCarrier>& carriers) {
  if (std::ranges::find(carriers, id, &CardCarrier::id) != carriers.end()) return;
  auto repair = desks(parts, id, "repair", zone, at);
  auto escalation = desks(parts, id, "escalation", zone, at);
  // Whoever escalates goes up the ladder, whatever the hour.
  std::ranges::stable_sort(escalation, {}, [](const ContactAt& one) { return one.contact.level.value_or(0); });
  carriers.push_back({id, name, std::move(repair), std::move(escalation)});
}

std::vector<CardCarrier> carriers_of(const CardParts& parts, const ZoneName& zone, Instant at) {
  std::vector<CardCarrier> carriers;
  for (const auto& line : parts.lines) add_carrier(parts, line.carrier_id, line.carrier_name, zone, at, carriers);
  for (const auto& one : parts.carrier_accounts) {
    add_carrier(parts, one.carrier_id, one.carrier_name, zone, at, carriers);
  }
  return carriers;
}

}  // namespace

CardOfTheHour outage_card(CardParts parts, Instant at) {
  const bool more = cut_all(parts);
  const auto agency_zone = parse_zone(parts.head.agency_zone);
  const auto zone = agency_zone ? *agency_zone : *parse_zone("UTC");
  Instant until = at + longest_hour;
  for (const auto& contact : parts.carrier_contacts) until = std::min(until, changes_after(contact, zone, at));
  auto products = products_of(parts);
  auto carriers = carriers_of(parts, zone, at);
  auto& head = parts.head;
  OutageCard card{head.account_id,
                  head.location_id,
                  std::move(head.account_name),
                  std::move(head.account_number),
                  head.account_status,
                  head.tier,
                  std::move(head.owner),
                  std::move(parts.locations),
                  std::move(parts.contacts),
                  std::move(products),
                  std::move(parts.carrier_accounts),
                  std::move(carriers),
                  std::move(parts.contracts),
                  std::move(parts.tickets),
                  std::move(parts.sources),
                  more};
  return {std::move(card), at, until};
}

}  // namespace holdfast::accounts
