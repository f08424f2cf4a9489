#include "notifications/app/tell_of_contract.h"

#include "notifications/store/contracts.sql.h"

namespace holdfast::notifications {
namespace {

using Filling = std::function<Result<>(MailModel& model)>;

Result<> tell_of_contract(events::UnitOfWork& work, const Desk& desk, MailTemplate mail, const Contract& contract,
                          const Cause& cause, const Filling& fill) {
  const Occasion occasion{
      .cause = cause, .account_id = contract.account_id, .location_id = contract.location_id, .mail = mail};
  TRY(tell(work, desk, occasion, [&](Draft& draft) -> Result<> {
    describe_contract(draft.model, desk, contract);
    return fill(draft.model);
  }));
  return {};
}

Result<> describe_new_term(MailModel& model, const Contract& contract) {
  const auto term = TRY(running_term(contract));
  model.set("new_term_end", *term.end).set_optional("next_notice_deadline", open_deadline(contract));
  return {};
}

}  // namespace

void describe_contract(MailModel& model, const Desk& desk, const Contract& contract) {
  model.set("contract", contract.number.empty() ? "without a number" : contract.number)
      .set("carrier", contract.carrier_name.empty() ? "carrier" : contract.carrier_name)
      .set("link", desk.console_url + "/contracts/" + to_string(contract.id))
      .show("auto_renews", contract.plan.end_of_term_action == EndOfTermAction::auto_renew)
      .show("rolls", contract.plan.end_of_term_action == EndOfTermAction::roll)
      .show("ends", contract.plan.end_of_term_action == EndOfTermAction::auto_disconnect);
}

Result<Term> running_term(const Contract& contract) {
  if (contract.current_term && contract.current_term->end) return *contract.current_term;
  return fail(Reason::field_required, "contract.current_term.end", "the contract has no term that ends");
}

Result<DaysAhead> days_ahead(const Contract& contract, Date day, Instant goes_at) {
  const auto zone = TRY(parse_zone(contract.plan.time_zone));
  return DaysAhead{static_cast<int>((day - begun_date(zone, goes_at)).count())};
}

Result<std::optional<Date>> newest_deadline(events::UnitOfWork& work, const Contract& contract) {
  TRY(work.transaction.exec(statements::keep_contract, work.agency(), contract.id, open_deadline(contract),
                            contract.version));
  return work.transaction.one<std::optional<Date>>(statements::load_deadline, contract.id);
}

Result<> tell_notice_deadline_missed(events::UnitOfWork& work, const Desk& desk, const NoticeDeadlineMissed& event,
                                     const Cause& cause) {
  const auto newest = TRY(newest_deadline(work, event.contract));
  if (!event.mail || newest != event.notice_deadline) return {};
  const auto term = TRY(running_term(event.contract));
  return tell_of_contract(work, desk, MailTemplate::notice_deadline_missed, event.contract, cause,
                          [&](MailModel& model) -> Result<> {
                            model.set("notice_deadline", event.notice_deadline)
                                .set("term_end", *term.end)
                                .set("bound_until", event.bound_until)
                                .show("to_manager", event.to_manager)
                                .show("to_sponsor", event.to_sponsor);
                            return {};
                          });
}

Result<> tell_contract_rolled(events::UnitOfWork& work, const Desk& desk, const ContractRolled& event,
                              const Cause& cause) {
  TRY(newest_deadline(work, event.contract));
  if (!is_news(event)) return {};
  return tell_of_contract(work, desk, MailTemplate::contract_rolled, event.contract, cause, [&](MailModel& model) {
    model.set("term_end", event.ended_on);
    return describe_new_term(model, event.contract);
  });
}

Result<> tell_contract_auto_renewed(events::UnitOfWork& work, const Desk& desk, const ContractAutoRenewed& event,
                                    const Cause& cause) {
  TRY(newest_deadline(work, event.contract));
  return tell_of_contract(work, desk, MailTemplate::contract_auto_renewed, event.contract, cause,
                          [&](MailModel& model) { return describe_new_term(model, event.contract); });
}

Result<> tell_contract_expired(events::UnitOfWork& work, const Desk& desk, const ContractExpired& event,
                               const Cause& cause) {
  TRY(newest_deadline(work, event.contract));
  const auto term = TRY(running_term(event.contract));
  return tell_of_contract(work, desk, MailTemplate::contract_expired, event.contract, cause,
                          [&](MailModel& model) -> Result<> {
                            model.set("term_end", *term.end);
                            return {};
                          });
}

}  // namespace holdfast::notifications
