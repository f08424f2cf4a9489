#pragma once

#include "notifications/app/messages.h"

// What the mails about contracts share.
namespace holdfast::notifications {

// What every mail about a contract says, and what `fill` adds.
Result<> tell_of_contract(events::UnitOfWork& work, const Desk& desk, MailTemplate mail, const Contract& contract,
                          const Cause& cause, const std::function<Result<>(MailModel&)>& fill);

// What every mail about a contract says; of its running term; of one that has just begun.
void describe_contract(MailModel& model, const Desk& desk, const Contract& contract);
Result<> describe_end_of_term(MailModel& model, const Contract& contract);
Result<> describe_new_term(MailModel& model, const Contract& contract);

// The running term, whose end is known; FIELD_REQUIRED where an event lacks it.
Result<Term> running_term(const Contract& contract);

// How far ahead a day of the contract's is when the mail goes.
Result<DaysAhead> days_ahead(const Contract& contract, Date day, Instant goes_at);

// Keeps what is known of a contract's deadline, by its version. The newest that anybody has said: events of one
// contract come by two topics, and a decision may overtake the reminder that it answers.
Result<std::optional<Date>> newest_deadline(events::UnitOfWork& work, const Contract& contract);

}  // namespace holdfast::notifications
