#include "notifications/app/tell_of_contract.h"

#include "notifications/store/contracts.sql.h"

namespace holdfast::notifications {

Result<> tell_of_contract(events::UnitOfWork& work, const Desk& desk, MailTemplate mail, const Contract& contract,
                          const Cause& cause, const std::function<Result<>(MailModel&)>& fill) {
  const Occasion occasion{
      .cause = cause, .account_id = contract.account_id, .location_id = contract.location_id, .mail = mail};
  TRY(tell(work, desk, occasion, [&](Draft& draft) -> Result<> {
    describe_contract(draft.model, desk, contract);
    return fill(draft.model);
  }));
  return {};
}

Result<> describe_end_of_term(MailModel& model, const Contract& contract) {
  const auto term = TRY(running_term(contract));
  model.set("term_end", *term.end);
  return {};
}

Result<> describe_new_term(MailModel& model, const Contract& contract) {
  const auto term = TRY(running_term(contract));
  model.set("new_term_end", *term.end).set_optional("next_notice_deadline", open_deadline(contract));
  return {};
}

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

}  // namespace holdfast::notifications
