#include <fmt/format.h>

#include "notifications/app/mails.h"
#include "notifications/domain/calendar_entry.h"
#include "notifications/store/contracts.sql.h"
#include "notifications/templates/calendar_invite.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

// The morning before, at nine: a whole day begins at midnight.
constexpr auto alarm_lead = 15h;

Result<std::string> invite(const CalendarEntry& entry, const Draft& draft, const Contract& contract, Instant now) {
  const auto carrier = contract.carrier_name.empty() ? "the carrier" : contract.carrier_name;
  const CalendarEvent event{.uid = uid(entry),
                            .sequence = entry.sequence,
                            .changed_at = now,
                            .when = entry.day,
                            .cancelled = entry.cancelled,
                            .summary = fmt::format("{}: last day to give {} notice", draft.to.account, carrier),
                            .description = fmt::format("Contract {}. The day ends at midnight in {}.",
                                                       contract.number.empty() ? "without a number" : contract.number,
                                                       contract.plan.time_zone),
                            .place = {},
                            .url = *draft.model.text("link"),
                            .alarms = {alarm_lead}};
  return calendar_invite(std::span(&event, 1));
}

Result<> store(events::UnitOfWork& work, const CalendarEntry& entry) {
  work.transaction.defer(statements::store_entry, work.agency(), entry);
  return {};
}

std::string why_settled(const Contract& contract) {
  switch (contract.decision) {
    case Decision::stay:
      return "the customer stays";
    case Decision::notice_sent:
    case Decision::notice_acknowledged:
      return "notice has gone to the carrier";
    case Decision::terminate:
      return "the contract's last day is settled";
    case Decision::undecided:
      break;
  }
  return "the contract was amended";
}

// Tells whoever has the entry what has become of it.
Result<> tell_of_entry(events::UnitOfWork& work, const Desk& desk, const CalendarEntry& before,
                       const CalendarEntry& after, const Contract& contract, const Cause& cause) {
  const Occasion occasion{.cause = cause,
                          .account_id = contract.account_id,
                          .location_id = contract.location_id,
                          .mail = after.cancelled ? MailTemplate::deadline_settled : MailTemplate::deadline_moved,
                          .recipient_id = after.recipient_id};
  const auto told = TRY(tell(work, desk, occasion, [&](Draft& draft) -> Result<> {
    const auto ahead = TRY(days_ahead(contract, after.day, draft.goes_at));
    describe_contract(draft.model, desk, contract);
    draft.model.set("notice_deadline", after.day)
        .set("old_deadline", before.day)
        .set("why", why_settled(contract))
        .set("days_left", ahead);
    draft.calendar = TRY(invite(after, draft, contract, work.now));
    return {};
  }));
  return told ? store(work, after) : Result<>();
}

// Entries for days that have passed stand: they were right.
Result<> follow_contract(events::UnitOfWork& work, const Desk& desk, const Contract& contract, const Cause& cause) {
  TRY(newest_deadline(work, contract));
  const auto zone = TRY(parse_zone(contract.plan.time_zone));
  const auto standing = TRY((work.transaction.many<CalendarEntry>(statements::lock_standing_entries, contract.id,
                                                                  begun_date(zone, work.now))));
  for (const auto& entry : standing) {
    const auto after = followed(entry, contract);
    if (after) CHECK_OK(tell_of_entry(work, desk, entry, *after, contract, cause));
  }
  return {};
}

}  // namespace

Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const ContractExpiring& event, const Cause& cause) {
  const auto& contract = event.contract;
  const auto newest = TRY(newest_deadline(work, contract));
  if (!event.mail || newest != event.notice_deadline) return {};
  const auto term = TRY(running_term(contract));
  const Occasion occasion{.cause = cause,
                          .account_id = contract.account_id,
                          .location_id = contract.location_id,
                          .mail = MailTemplate::contract_expiring};
  std::optional<CalendarEntry> entry;
  const auto told = TRY(tell(work, desk, occasion, [&](Draft& draft) -> Result<> {
    const auto ahead = TRY(days_ahead(contract, event.notice_deadline, draft.goes_at));
    describe_contract(draft.model, desk, contract);
    draft.model.set("notice_deadline", event.notice_deadline)
        .set("days_left", ahead)
        .set("term_end", *term.end)
        .show("to_manager", event.to_manager)
        .show("to_sponsor", event.to_sponsor);
    const auto before =
        TRY((work.transaction.maybe<CalendarEntry>(statements::lock_entry, contract.id, term.number, draft.to.id)));
    entry = reminded(before, {.contract_id = contract.id,
                              .term_number = term.number,
                              .recipient_id = draft.to.id,
                              .day = event.notice_deadline});
    draft.calendar = TRY(invite(*entry, draft, contract, work.now));
    return {};
  }));
  return told ? store(work, *entry) : Result<>();
}

Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const NoticeSent& event, const Cause& cause) {
  return follow_contract(work, desk, event.contract, cause);
}

Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const ContractAmended& event, const Cause& cause) {
  return follow_contract(work, desk, event.contract, cause);
}

}  // namespace holdfast::notifications
