#include "command_line/outage_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <vector>

#include "command_line/answer.h"
#include "command_line/names.h"
#include "command_line/table.h"
#include "holdfast/accounts/v1/lookup.pb.h"
#include "runtime/calendar/zone.h"

namespace holdfast::command_line {
namespace {

using namespace accounts::v1;

constexpr size_t e164_of_north_america = 12;

Instant instant_of(const google::protobuf::Timestamp& timestamp) {
  return Instant{std::chrono::seconds(timestamp.seconds())};
}

// "3 days", "5 minutes": the largest unit is what somebody wants to know.
std::string readable_age(Instant from, Instant to) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(to - from).count();
  const auto say = [](std::int64_t count, const char* unit) {
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  };
  if (minutes < 1) return "a moment";
  if (minutes < 60) return say(minutes, "minute");
  return minutes < 48 * 60 ? say(minutes / 60, "hour") : say(minutes / (24 * 60), "day");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
  std::string text;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += by;
    text += part;
  }
  return text;
}

std::string local_time(const std::string& zone_name, Instant at) {
  const auto zone = parse_zone(zone_name);
  if (!zone) return {};
  constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto wall = wall_time(*zone, at);
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(wall - day));
  return fmt::format("{} {:02}:{:02}", weekdays[std::chrono::weekday(day).c_encoding()], time.hours().count(),
                     time.minutes().count());
}

std::string location_name(const OutageCard& card, const std::string& id) {
  const auto found = std::ranges::find(card.locations(), id, &CardLocation::id);
  return found == card.locations().end() ? "" : found->name();
}

void print_heading(std::ostream& out, const char* heading, bool colors) {
  out << '\n' << (colors ? "\033[1m" : "") << heading << (colors ? "\033[0m" : "") << '\n';
}

void print_customer(std::ostream& out, const OutageCard& card, bool colors) {
  std::vector<std::pair<std::string, Cell>> pairs{
      {"customer", {joined({card.account_name(), card.account_number()}, "  ")}},
      {"standing", {joined({text_of(card, "account_status"), text_of(card, "tier") + " tier"}, ", ")}},
      {"owner", {joined({card.owner().name(), card.owner().email()}, "  ")}}};
  const auto answered = instant_of(card.answered_at());
  for (const auto& location : card.locations()) {
    const auto town = joined({location.city(), joined({location.state(), location.postal_code()}, " ")}, ", ");
    const auto time = local_time(location.time_zone(), answered);
    pairs.push_back(
        {"site",
         {joined({location.name(), joined({location.street(), town}, ", "), readable_phone(location.main_phone()),
                  time.empty() ? "time zone not known" : "now " + time + " " + location.time_zone()},
                 "  ")}});
  }
  print_pairs(out, pairs, colors);
}

std::string phone_of(const CarrierContactAt& desk, size_t choice) {
  if (static_cast<int>(choice) >= desk.phones_size()) return {};
  const auto& phone = desk.phones(static_cast<int>(choice));
  const bool after_hours = phone == desk.contact().after_hours_phone() && phone != desk.contact().phone();
  return readable_phone(phone) + (after_hours ? " (after hours)" : "");
}

void add_desk(Table& table, const std::string& carrier, const CarrierContactAt& desk) {
  const auto& contact = desk.contact();
  const auto what =
      contact.has_level() ? fmt::format("{} {}", contact.function(), contact.level()) : contact.function();
  table.add({{carrier},
             {what},
             {contact.name()},
             {phone_of(desk, 0)},
             {phone_of(desk, 1)},
             {desk.open() ? "open now" : "closed now", desk.open() ? Urgency::none : Urgency::warning},
             {contact.verified_on().empty() ? "never verified" : text_of(contact, "verified_on")}});
}

void print_desks(std::ostream& out, const OutageCard& card, bool colors) {
  Table table({"carrier", "desk", "name", "call first", "then", "hours", "verified"});
  for (const auto& carrier : card.carriers()) {
    for (const auto& desk : carrier.repair()) add_desk(table, carrier.name(), desk);
    for (const auto& desk : carrier.escalation()) add_desk(table, carrier.name(), desk);
    if (carrier.repair().empty()) {
      table.add({{carrier.name()}, {"repair"}, {}, {"no number", Urgency::alarm}, {}, {}, {}});
    }
  }
  if (table.size() == 0) return;
  print_heading(out, "WHOM TO CALL", colors);
  table.print(out, colors);
}

std::string secrets_of(const CardProduct& product) {
  std::vector<std::string> texts;
  for (const auto& secret : product.secrets()) texts.push_back(text_of(secret, "kind") + " " + secret.masked());
  return joined(texts, ", ");
}

Cell readiness_of(const CardProduct& product) {
  const auto& readiness = product.readiness();
  if (readiness.missing().empty()) return {fmt::format("{}/{}", readiness.have(), readiness.of())};
  return {fmt::format("{}/{}: no {}", readiness.have(), readiness.of(), text_of(readiness, "missing")),
          Urgency::warning};
}

bool is_asked_for(const LookUpResponse& answer, const CardLine& line) {
  return std::ranges::any_of(answer.matches(), [&](const LookupMatch& match) {
    return match.product_id() == line.id() || (!line.btn().empty() && match.text() == line.btn()) ||
           (!line.carrier_account_id().empty() && match.carrier_account_id() == line.carrier_account_id());
  });
}

void print_products(std::ostream& out, const LookUpResponse& answer, bool colors) {
  const auto& card = answer.card();
  Table table(
      {"", "circuit", "service", "status", "carrier", "account number", "BTN", "verification", "ready", "site"});
  for (const bool asked_for : {true, false}) {
    for (const auto& product : card.products()) {
      const auto& line = product.line();
      if (is_asked_for(answer, line) != asked_for) continue;
      table.add({{asked_for ? ">" : ""},
                 {line.circuit_id()},
                 {joined({line.service().empty() ? text_of(line, "type") : line.service(), line.speed()}, " ")},
                 {text_of(line, "status")},
                 {line.carrier_name()},
                 {line.carrier_account_number()},
                 {readable_phone(line.btn())},
                 {secrets_of(product)},
                 readiness_of(product),
                 {location_name(card, line.location_id())}});
    }
  }
  print_heading(out, "WHAT TO TELL THEM", colors);
  if (table.size() == 0) out << "No circuits are known here.\n";
  if (table.size() > 0) table.print(out, colors);
}

void print_tickets(std::ostream& out, const OutageCard& card, bool colors) {
  Table table({"priority", "open tickets", "status", "carrier's ticket", "opened", "site", "id"});
  const auto answered = instant_of(card.answered_at());
  for (const auto& ticket : card.tickets()) {
    const auto priority = text_of(ticket, "priority");
    table.add({{priority, priority == "p1" ? Urgency::alarm : Urgency::none},
               {ticket.name()},
               {text_of(ticket, "status")},
               {joined({ticket.carrier(), ticket.carrier_ticket()}, " ")},
               {readable_age(instant_of(ticket.opened_at()), answered) + " ago"},
               {location_name(card, ticket.location_id())},
               {ticket.id()}});
  }
  print_heading(out, "OPEN TICKETS", colors);
  if (table.size() == 0) out << "None.\n";
  if (table.size() > 0) table.print(out, colors);
}

void print_contracts(std::ostream& out, const OutageCard& card, bool colors) {
  if (card.contracts().empty()) return;
  Table table({"contract", "carrier", "state", "ends", "notice by", "decision", "site"});
  for (const auto& contract : card.contracts()) {
    table.add({{contract.number()},
               {contract.carrier_name()},
               {text_of(contract, "state")},
               {text_of(contract, "term_end")},
               {text_of(contract, "notice_deadline")},
               {text_of(contract, "decision")},
               {location_name(card, contract.location_id())}});
  }
  print_heading(out, "CONTRACTS", colors);
  table.print(out, colors);
}

void print_contacts(std::ostream& out, const OutageCard& card, bool colors) {
  if (card.contacts().empty()) return;
  Table table({"person", "title", "phone", "e-mail", "site"});
  for (const auto& contact : card.contacts()) {
    std::vector<std::string> sites;
    for (const auto& id : contact.location_ids()) sites.push_back(location_name(card, id));
    table.add({{contact.name()},
               {contact.title()},
               {readable_phone(contact.phone())},
               {contact.email()},
               {joined(sites, ", ")}});
  }
  print_heading(out, "PEOPLE", colors);
  table.print(out, colors);
}

// What other services own is a copy, and may be old.
void print_sources(std::ostream& out, const OutageCard& card) {
  out << '\n';
  const auto answered = instant_of(card.answered_at());
  for (const auto* topic : {"holdfast.contracts", "holdfast.renewals", "holdfast.tickets"}) {
    const auto found = std::ranges::find(card.sources(), topic, &CardSource::topic);
    const auto name = std::string_view(topic).substr(std::string_view("holdfast.").size());
    if (found == card.sources().end()) {
      out << name << ": nothing heard yet\n";
    } else {
      out << name << ": as of event " << found->sequence() << ", " << readable_age(instant_of(found->as_of()), answered)
          << " ago\n";
    }
  }
}

}  // namespace

std::string readable_phone(std::string_view phone) {
  const auto extension = phone.find(";ext=");
  std::string text(phone.substr(0, extension));
  if (text.size() == e164_of_north_america && text.starts_with("+1")) {
    text = fmt::format("({}) {}-{}", text.substr(2, 3), text.substr(5, 3), text.substr(8));
  }
  if (extension != std::string_view::npos) text.append(" x").append(phone.substr(extension + 5));
  return text;
}

void print_card(std::ostream& out, const LookUpResponse& answer, bool colors) {
  const auto& card = answer.card();
  print_customer(out, card, colors);
  print_desks(out, card, colors);
  print_products(out, answer, colors);
  print_tickets(out, card, colors);
  print_contracts(out, card, colors);
  print_contacts(out, card, colors);
  print_sources(out, card);
  if (card.more()) out << "There is more than a card shows: look up a site or a circuit of this customer.\n";
}

void print_matches(std::ostream& out, const LookUpResponse& answer, bool colors) {
  Table table({"matched", "is", "customer", "site", "status"});
  for (const auto& match : answer.matches()) {
    const auto text = match.text().starts_with('+') ? readable_phone(match.text()) : match.text();
    table.add({{text},
               {text_of(match, "kind")},
               {match.account_name()},
               {match.location_name()},
               {text_of(match, "product_status")}});
  }
  table.print(out, colors);
  if (answer.more()) out << "More than " << answer.matches_size() << " matched: narrow it.\n";
  out << "Look up one of them by what it is matched by; --kind circuit|phone|billing|address|name narrows it.\n";
}

void print_attempts(std::ostream& out, const LookUpResponse& answer) {
  out << "Nothing found. Looked for:\n";
  for (const auto& attempt : answer.tried()) {
    out << "  " << text_of(attempt, "kind") << (attempt.partial() ? " containing " : " ") << attempt.text() << '\n';
  }
  out << "Try a part of the circuit ID or of the name (three characters or more), or the street without its number.\n";
}

}  // namespace holdfast::command_line
