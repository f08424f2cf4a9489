#pragma once

#include <tuple>

#include "notifications/app/tell_of_contract.h"
#include "notifications/app/tell_of_ticket.h"

// Which event is told by which mail: an entry each. What asks for more than an entry says is a tell_of of its own,
// below. Events arrive here by events/mails.cpp, which goes through the tables.
namespace holdfast::notifications {

// A P1 goes at once; any other waits for the morning (R70), and is then sent if still_true says so of its event.
template <class Fact>
struct TicketMail {
  MailTemplate mail{};
  TicketEvent event{};
  Audience audience{};
  void (*fill)(MailModel& model, const Fact& fact, const Cause& cause) = nullptr;  // besides what all of them say
  bool (*is_news)(const Fact& fact) = nullptr;                                     // always, unless given
};

inline constexpr std::tuple ticket_mails{
    TicketMail<TicketOpened>{MailTemplate::ticket_opened, TicketEvent::opened, Audience::account_owner},
    TicketMail<TicketAssigned>{MailTemplate::ticket_assigned, TicketEvent::assigned, Audience::assignee, nullptr,
                               [](const TicketAssigned& fact) {
                                 // Who takes a ticket knows.
                                 return fact.assigned_by != to_string(fact.ticket.owner_id);
                               }},
    TicketMail<TicketResolved>{MailTemplate::ticket_resolved, TicketEvent::resolved, Audience::account_owner,
                               [](MailModel& model, const TicketResolved& fact, const Cause& cause) {
                                 model.set("resolved_at", fact.ticket.resolved_at.value_or(cause.happened_at))
                                     .set("resolution", fact.ticket.resolution);
                               }},
    TicketMail<SlaWarning>{MailTemplate::sla_warning, TicketEvent::warning, Audience::both,
                           [](MailModel& model, const SlaWarning& fact, const Cause& cause) {
                             // While the clock stands still it breaks no earlier than this.
                             const auto earliest = cause.happened_at + std::chrono::seconds(fact.remaining_seconds);
                             model.set("promise", words(fact.promise)).set("due_at", fact.due_at.value_or(earliest));
                           }},
    TicketMail<SlaBreached>{MailTemplate::sla_breached, TicketEvent::breached, Audience::both,
                            [](MailModel& model, const SlaBreached& fact, const Cause& cause) {
                              model.set("promise", words(fact.promise)).set("due_at", cause.happened_at);
                            }}};

// To the owner of the contract's account, at the end of the night; nothing when it is no news.
template <class Fact>
struct ContractMail {
  MailTemplate mail{};
  Result<> (*fill)(MailModel& model, const Fact& fact) = nullptr;                    // besides what all of them say
  bool (*is_news)(const Fact& fact, std::optional<Date> newest_deadline) = nullptr;  // always, unless given
};

inline constexpr std::tuple contract_mails{
    ContractMail<NoticeDeadlineMissed>{MailTemplate::notice_deadline_missed,
                                       [](MailModel& model, const NoticeDeadlineMissed& fact) {
                                         model.set("notice_deadline", fact.notice_deadline)
                                             .set("bound_until", fact.bound_until)
                                             .show("to_manager", fact.to_manager)
                                             .show("to_sponsor", fact.to_sponsor);
                                         return describe_end_of_term(model, fact.contract);
                                       },
                                       [](const NoticeDeadlineMissed& fact, std::optional<Date> newest_deadline) {
                                         return fact.mail && newest_deadline == fact.notice_deadline;
                                       }},
    ContractMail<ContractRolled>{MailTemplate::contract_rolled,
                                 [](MailModel& model, const ContractRolled& fact) {
                                   model.set("term_end", fact.ended_on);
                                   return describe_new_term(model, fact.contract);
                                 },
                                 [](const ContractRolled& fact, std::optional<Date>) { return is_news(fact); }},
    ContractMail<ContractAutoRenewed>{
        MailTemplate::contract_auto_renewed,
        [](MailModel& model, const ContractAutoRenewed& fact) { return describe_new_term(model, fact.contract); }},
    ContractMail<ContractExpired>{MailTemplate::contract_expired, [](MailModel& model, const ContractExpired& fact) {
                                    return describe_end_of_term(model, fact.contract);
                                  }}};

// Tells by the entry whose fact it is.
template <class Fact>
Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const Fact& fact, const Cause& cause) {
  if constexpr (requires { fact.ticket; }) {
    const auto& entry = std::get<TicketMail<Fact>>(ticket_mails);
    if (entry.is_news != nullptr && !entry.is_news(fact)) return {};
    TicketTold told{entry.mail, entry.event, entry.audience};
    if constexpr (requires { fact.promise; }) told.promise = fact.promise;
    return tell_of_ticket(work, desk, told, fact.ticket, cause, [&](MailModel& model) {
      if (entry.fill != nullptr) entry.fill(model, fact, cause);
    });
  } else {
    const auto& entry = std::get<ContractMail<Fact>>(contract_mails);
    const auto newest = TRY(newest_deadline(work, fact.contract));
    if (entry.is_news != nullptr && !entry.is_news(fact, newest)) return {};
    return tell_of_contract(work, desk, entry.mail, fact.contract, cause,
                            [&](MailModel& model) { return entry.fill(model, fact); });
  }
}

// A reminder carries its deadline for the calendar. One that is old news when it comes here is not told: something was
// decided, or moved, since.
Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const ContractExpiring& event, const Cause& cause);

// Whoever has a day in the calendar that no longer holds is sent the entry anew, or has it taken off.
Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const NoticeSent& event, const Cause& cause);
Result<> tell_of(events::UnitOfWork& work, const Desk& desk, const ContractAmended& event, const Cause& cause);

}  // namespace holdfast::notifications
