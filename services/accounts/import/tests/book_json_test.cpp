#include "accounts/import/tests/book_json.h"

#include <set>

#include "accounts/import/book_fields.h"
#include "accounts/import/text.h"
#include "contracts/domain/term_plan.h"

namespace holdfast::accounts::import_book {
namespace {

using Json = nlohmann::json;

Json text(const std::string& value) { return value.empty() ? Json() : Json(value); }
Json day(const std::optional<Date>& date) { return date ? Json(format_date(*date)) : Json(); }
Json cents(const std::optional<Money>& money) { return money ? Json(money->minor) : Json(); }
Json number(const std::optional<int>& value) { return value ? Json(*value) : Json(); }

constexpr const char* zone_sources[] = {"none", "stated", "state", "zip"};
constexpr const char* account_statuses[] = {"active", "prospect", "closed"};
constexpr const char* product_statuses[] = {"active", "pendingActive", "suspended", "terminated"};
constexpr const char* actions[] = {"roll", "autoRenew", "autoDisconnect"};
constexpr const char* units[] = {"calendarDays", "calendarMonths", "businessDays"};
constexpr const char* order_statuses[] = {"draft", "submitted", "focReceived", "completed", "rejected", "cancelled"};

// The rules of contracts on what the import has read: the import itself knows no later term and no deadline.
contracts::TermPlan plan_of(const Contract& contract) {
  contracts::TermPlan plan{.zone = *parse_zone(contract.time_zone.empty() ? "America/New_York" : contract.time_zone)};
  plan.start = *contract.start;
  plan.months = contract.term_months;
  if (contract.end_is_typed) plan.first_end = contract.initial_end;
  plan.action = static_cast<contracts::EndOfTermAction>(contract.end_of_term.action);
  plan.roll_months = contract.end_of_term.later_term_months.value_or(1);
  plan.renewal_months = contract.end_of_term.later_term_months.value_or(12);
  plan.notice = {contract.notice.value, static_cast<contracts::NoticeUnit>(contract.notice.unit)};
  return plan;
}

void add_terms(Json& record, const Contract& contract, const std::string& as_of) {
  for (const auto* field : {"initial_notice_deadline", "rolls", "current_term_end", "notice_deadline"})
    record[field] = Json();
  record["state"] = contract.state == ContractState::in_process ? "inProcess" : "active";
  if (contract.open_ended || !contract.initial_end || !contract.start) return;
  const auto plan = plan_of(contract);
  const auto noon = *parse_instant(as_of + "T12:00:00Z");
  const auto now = contracts::preview(plan, noon);
  record["initial_notice_deadline"] = day(contracts::term(plan, 0).notice_deadline);
  record["rolls"] = now.current.number;
  record["current_term_end"] = day(now.current.end);
  record["notice_deadline"] = day(now.current.notice_deadline);
  if (now.ended) record["state"] = "expired";
}

}  // namespace

Json accounts_json(const Book& book) {
  Json all = Json::array();
  for (const auto& account : book.accounts) {
    all.push_back({{"name", account.name},
                   {"number", text(account.number)},
                   {"status", account_statuses[static_cast<int>(account.status.value_or(AccountStatus::active))]},
                   {"parent", text(account.parent)},
                   {"rep", text(account.rep)},
                   {"since", day(account.since)}});
  }
  return all;
}

Json locations_json(const Book& book) {
  Json all = Json::array();
  for (const auto& location : book.locations) {
    const bool zoned = location.zone_from != ZoneSource::none;
    all.push_back({{"account", location.account},
                   {"name", location.name},
                   {"street", text(location.street)},
                   {"city", text(location.city)},
                   {"state", text(location.state)},
                   {"zip", text(location.zip)},
                   {"time_zone", text(location.time_zone)},
                   {"zone_from", zoned ? Json(zone_sources[static_cast<int>(location.zone_from)]) : Json()},
                   {"main_phone", text(location.main_phone.e164)}});
  }
  return all;
}

Json contacts_json(const Book& book) {
  Json all = Json::array();
  for (const auto& contact : book.contacts) {
    std::set<std::string> sites;
    for (const auto& site : contact.sites) sites.insert(fold(site.location));
    all.push_back({{"account", contact.account},
                   {"name", contact.name},
                   {"email", text(contact.email)},
                   {"phone", text(contact.phone.e164)},
                   {"ext", text(contact.phone.extension)},
                   {"locations", sites}});
  }
  return all;
}

Json carrier_accounts_json(const Book& book) {
  Json all = Json::array();
  for (const auto& account : book.carrier_accounts) {
    all.push_back({{"carrier", account.carrier},
                   {"number", account.number},
                   {"key", identifier_key(account.number)},
                   {"account", account.account}});
  }
  return all;
}

Json carrier_contacts_json(const Book& book) {
  Json all = Json::array();
  for (const auto& contact : book.carrier_contacts) {
    all.push_back({{"carrier", contact.carrier},
                   {"function", contact.function},
                   {"level", number(contact.level)},
                   {"name", text(contact.name)},
                   {"phone", text(contact.phone.e164)},
                   {"after_hours", text(contact.after_hours.e164)},
                   {"email", text(contact.email)},
                   {"verified", day(contact.verified)}});
  }
  return all;
}

Json products_json(const Book& book) {
  Json all = Json::array();
  for (size_t at = 0; at < book.products.size(); ++at) {
    const auto product = book.products[at];
    all.push_back({{"circuit_id", product.circuit_id},
                   {"key", identifier_key(product.circuit_id)},
                   {"account", product.account},
                   {"location", text(product.location)},
                   {"carrier", product.carrier},
                   {"carrier_account", text(product.carrier_account)},
                   {"btn", text(product.btn.e164)},
                   {"type", product.type},
                   {"mrc_minor", cents(product.mrc)},
                   {"nrc_minor", cents(product.nrc)},
                   {"install", day(product.install)},
                   {"status", product_statuses[static_cast<int>(product.status.value_or(ProductStatus::active))]},
                   {"contract", text(product.contract)}});
  }
  return all;
}

Json contracts_json(const Book& book, const std::string& as_of) {
  Json all = Json::array();
  for (const auto& contract : book.contracts) {
    all.push_back({{"number", contract.number},
                   {"account", contract.account},
                   {"carrier", contract.carrier},
                   {"signed", day(contract.signed_on)},
                   {"start", day(contract.start)},
                   {"term_months", number(contract.term_months)},
                   {"typed_end", day(contract.typed_end)},
                   {"open_ended", contract.open_ended},
                   {"notice",
                    {{"value", contract.notice.value},
                     {"unit", units[static_cast<int>(contract.notice.unit)]},
                     {"defaulted", contract.notice.defaulted}}},
                   {"end_of_term_action", actions[static_cast<int>(contract.end_of_term.action)]},
                   {"later_term_months", number(contract.end_of_term.later_term_months)},
                   {"time_zone", text(contract.time_zone)},
                   {"initial_term_end", day(contract.initial_end)}});
    add_terms(all.back(), contract, as_of);
  }
  return all;
}

Json ports_json(const Book& book) {
  Json all = Json::array();
  for (const auto& order : book.orders) {
    if (order.kind != OrderKind::port) continue;
    all.push_back({{"btn", order.reference},
                   {"account", order.account},
                   {"losing", order.carrier},
                   {"gaining", text(order.gaining)},
                   {"submitted", day(order.submitted)},
                   {"foc", day(order.date)},
                   {"status", order.status ? Json(order_statuses[static_cast<int>(*order.status)]) : Json()}});
  }
  return all;
}

Json disconnects_json(const Book& book) {
  Json all = Json::array();
  for (const auto& order : book.orders) {
    if (order.kind != OrderKind::disconnect) continue;
    all.push_back({{"ref", order.reference},
                   {"by", order.by == ReferenceKind::btn ? "btn" : "ckt"},
                   {"account", order.account},
                   {"carrier", order.carrier},
                   {"submitted", day(order.submitted)},
                   {"requested", day(order.date)},
                   {"effective", day(order.effective)},
                   {"held", order.held}});
  }
  return all;
}

}  // namespace holdfast::accounts::import_book
