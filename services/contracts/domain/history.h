#pragma once

#include <string>
#include <vector>

#include "contracts/domain/contract.h"

// What is kept of a contract's past, and how it is read.
namespace holdfast::contracts {

// A term as it stood; one that an amendment replaced is kept with the version that did.
struct TermRow {
  std::int32_t number = 0;
  Date start;
  std::optional<Date> end;
  std::optional<Date> notice_deadline;
  TermOrigin origin{};
  std::int64_t replaced_in = 0;

  bool operator==(const TermRow&) const = default;
};

// Something that fell due, as the ledger has it.
struct LedgerEntry {
  std::int64_t version = 0;  // of the contract, when it had
  FactKind kind{};
  std::int32_t term_number = 0;
  Date term_end;
  std::int32_t lead_days = 0;
  std::optional<Date> notice_deadline;
  Instant effective_at;
  Escalation escalation{};
  bool mail = false;
  bool to_manager = false;
  bool to_sponsor = false;
  std::int64_t replaced_in = 0;

  bool operator==(const LedgerEntry&) const = default;
};
LedgerEntry entry_of(const Step& step);

struct ListTerms {
  ContractId contract_id;
  std::int32_t page_size = 0;
  std::string page_token;
};
struct TermList {
  std::vector<TermRow> terms;
  std::string next_page_token;
};
struct ListReminders {
  ContractId contract_id;
  std::int32_t page_size = 0;
  std::string page_token;
};
struct ReminderList {
  std::vector<LedgerEntry> reminders;
  std::string next_page_token;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::TermRow> {
  using T = contracts::TermRow;
  static constexpr auto list = FieldList{Field{"number", &T::number}, Field{"start", &T::start},
                                         Field{"end", &T::end},       Field{"notice_deadline", &T::notice_deadline},
                                         Field{"origin", &T::origin}, Field{"replaced_in", &T::replaced_in}};
};

template <>
struct Fields<contracts::LedgerEntry> {
  using T = contracts::LedgerEntry;
  static constexpr auto list = FieldList{Field{"version", &T::version},
                                         Field{"kind", &T::kind},
                                         Field{"term_number", &T::term_number},
                                         Field{"term_end", &T::term_end},
                                         Field{"lead_days", &T::lead_days},
                                         Field{"notice_deadline", &T::notice_deadline},
                                         Field{"effective_at", &T::effective_at},
                                         Field{"escalation", &T::escalation},
                                         Field{"mail", &T::mail},
                                         Field{"to_manager", &T::to_manager},
                                         Field{"to_sponsor", &T::to_sponsor},
                                         Field{"replaced_in", &T::replaced_in}};
};

template <>
struct Fields<contracts::ListTerms> {
  using T = contracts::ListTerms;
  static constexpr auto list = FieldList{Field{"contract_id", &T::contract_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<contracts::TermList> {
  using T = contracts::TermList;
  static constexpr auto list = FieldList{Field{"terms", &T::terms}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<contracts::ListReminders> {
  using T = contracts::ListReminders;
  static constexpr auto list = FieldList{Field{"contract_id", &T::contract_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<contracts::ReminderList> {
  using T = contracts::ReminderList;
  static constexpr auto list =
      FieldList{Field{"reminders", &T::reminders}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast
