#include "notifications/domain/contract.h"

namespace holdfast::notifications {
namespace {

// Shorter terms have no reminders (R24).
constexpr std::chrono::days reminder_term_minimum{90};

}  // namespace

std::optional<Date> open_deadline(const Contract& contract) {
  if (contract.decision != Decision::undecided || !contract.current_term) return std::nullopt;
  return contract.current_term->notice_deadline;
}

bool is_news(const ContractRolled& event) {
  const auto& term = event.contract.current_term;
  if (!term || term->number == event.contract.first_term_number + 1) return true;
  return term->start && term->end && *term->end - *term->start + std::chrono::days(1) >= reminder_term_minimum;
}

}  // namespace holdfast::notifications
