#include "contracts/domain/history.h"

namespace holdfast::contracts {

LedgerEntry entry_of(const Step& step) {
  return {.version = step.contract.version,
          .kind = step.fact.kind,
          .term_number = step.fact.term_number,
          .term_end = step.fact.term_end,
          .lead_days = step.fact.lead_days,
          .notice_deadline = step.fact.notice_deadline,
          .effective_at = step.fact.effective,
          .escalation = step.fact.escalation,
          .mail = step.mail,
          .to_manager = step.to_manager,
          .to_sponsor = step.to_sponsor};
}

}  // namespace holdfast::contracts
