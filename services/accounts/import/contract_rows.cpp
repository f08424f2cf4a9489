#include "accounts/import/rows.h"
#include "accounts/import/terms.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::chrono::days one_day{1};
constexpr int months_limit = 600;

void pair_contracts(Merge& merge, Contract& kept, const Contract& said) {
  merge.text(Field::account_name, kept.account, said.account);
  merge.text(Field::carrier, kept.carrier, said.carrier);
  merge.text(Field::carrier_account_number, kept.carrier_account, said.carrier_account);
  merge.value(Field::contract_signed, kept.signed_on, said.signed_on);
  merge.value(Field::contract_start, kept.start, said.start);
  merge.value(Field::contract_term, kept.term_months, said.term_months);
  merge.value(Field::contract_end, kept.initial_end, said.initial_end);
  merge.value(Field::contract_mrc, kept.mrc, said.mrc);
  merge.choice(Field::contract_end_action, kept.end_of_term, said.end_of_term);
  merge.choice(Field::contract_notice, kept.notice, said.notice);
}

int default_months(const RowFacts& row, Field field, int otherwise) {
  return read_months(row.fallback(field)).value_or(otherwise);
}

void read_end_action(RowFacts& row, Contract& contract) {
  auto written = row.text(Field::contract_end_action, false);
  if (row.reading().vocabulary.is_unknown(written)) written.clear();
  contract.end_of_term.defaulted = written.empty();
  if (written.empty()) {
    row.warn(Field::contract_end_action, Reason::action_defaulted, "the book does not say; the default stands");
    written = row.fallback(Field::contract_end_action);
    if (written.empty()) written = "roll";
  }
  const auto reading = read_action(written, row.reading().vocabulary);
  if (!reading)
    return row.reject(Field::contract_end_action, Reason::value_not_understood, "nobody has said what this word means");
  contract.end_of_term.action = reading->action;
  if (reading->action == EndAction::roll) {
    contract.end_of_term.later_term_months =
        reading->months.value_or(default_months(row, Field::contract_roll_months, 1));
  } else if (reading->action == EndAction::auto_renew) {
    contract.end_of_term.later_term_months =
        reading->months.value_or(default_months(row, Field::contract_renewal_months, 12));
  }
}

void read_notice_period(RowFacts& row, Contract& contract) {
  const auto written = row.text(Field::contract_notice, false);
  if (!written.empty() && !row.reading().vocabulary.is_unknown(written)) {
    if (const auto notice = read_notice(written)) {
      contract.notice = *notice;
    } else {
      row.reject(Field::contract_notice, Reason::value_not_understood, "this is no notice period");
    }
    return;
  }
  contract.notice =
      read_notice(row.fallback(Field::contract_notice)).value_or(NoticePeriod{60, NoticeUnit::calendar_days, true});
  contract.notice.defaulted = true;
  row.warn(Field::contract_notice, Reason::notice_defaulted, "the book does not say; the default stands");
}

// True when the column says that the contract goes from month to month.
bool read_term(RowFacts& row, Contract& contract) {
  const auto written = row.text(Field::contract_term);
  const auto& vocabulary = row.reading().vocabulary;
  if (written.empty() || vocabulary.is_unknown(written)) return false;
  if (vocabulary.is_open_ended(written)) return true;
  contract.term_months = read_months(written);
  if (!contract.term_months)
    row.reject(Field::contract_term, Reason::value_not_understood, "this is no length of a term");
  return false;
}

// A legal date must be a day: a month alone rejects the row, where elsewhere it would only be left out.
std::optional<Date> legal_date(RowFacts& row, Field field) {
  const auto before = row.warnings().size();
  const auto date = row.date(field);
  const bool imprecise =
      row.warnings().size() > before && row.warnings().back().finding.reason == Reason::date_imprecise;
  if (imprecise) row.reject(field, Reason::date_invalid, "a contract's dates must name the day");
  return date;
}

// The months from start to end when they are whole (R27), else nothing.
std::optional<int> whole_months(Date start, Date end) {
  const std::chrono::year_month_day from{start};
  const std::chrono::year_month_day to{end + one_day};
  const int about = static_cast<int>((to.year() - from.year()).count()) * 12 +
                    static_cast<int>(static_cast<unsigned>(to.month())) -
                    static_cast<int>(static_cast<unsigned>(from.month()));
  for (int months = about - 1; months <= about + 1; ++months) {
    if (months >= 1 && months <= months_limit && plus_months(start, months) - one_day == end) return months;
  }
  return std::nullopt;
}

// Start and term give the end (R27). A typed one a day later is the anniversary way of writing it; any other is
// believed.
void settle_end(RowFacts& row, Contract& contract) {
  const auto& typed = contract.typed_end;
  if (contract.start && typed && *typed < *contract.start) {
    return row.reject(Field::contract_end, Reason::end_before_start, "the end lies before the start");
  }
  if (!contract.start || !contract.term_months) {
    contract.initial_end = typed;
    contract.end_is_typed = typed.has_value();
    if (!contract.start || !typed) return;
    contract.term_months = whole_months(*contract.start, *typed);
    contract.end_is_typed = !contract.term_months;
    return;
  }
  const auto computed = plus_months(*contract.start, *contract.term_months) - one_day;
  contract.initial_end = computed;
  if (!typed || *typed == computed) return;
  if (*typed == computed + one_day) {
    return row.warn(Field::contract_end, Reason::end_is_anniversary, "a day after the last one: start and term count");
  }
  contract.initial_end = typed;
  contract.end_is_typed = true;
  row.warn(Field::contract_end, Reason::term_mismatch, "start and term give another end: the typed one is believed");
}

void read_term_dates(RowFacts& row, Contract& contract) {
  const bool rolling_term = read_term(row, contract);
  contract.signed_on = row.date(Field::contract_signed);
  contract.start = legal_date(row, Field::contract_start);
  const bool rolling_end = row.reading().vocabulary.is_open_ended(row.text(Field::contract_end));
  if (!rolling_end) contract.typed_end = legal_date(row, Field::contract_end);
  contract.open_ended = rolling_end || (rolling_term && !contract.typed_end);
  if (contract.open_ended) {
    contract.term_months.reset();
    contract.end_of_term.action = EndAction::roll;
    contract.end_of_term.later_term_months = default_months(row, Field::contract_roll_months, 1);
    return;
  }
  const bool start_to_come = row.reading().vocabulary.is_unknown(row.text(Field::contract_start));
  if (start_to_come || (!contract.start && !contract.typed_end)) {
    contract.state = ContractState::in_process;
    return;
  }
  settle_end(row, contract);
}

}  // namespace

RowOutcome read_contract_row(BookReading& reading, RowFacts& row) {
  Contract contract;
  contract.place = row.place();
  contract.number = row.identifier(Field::contract_number);
  contract.carrier = row.carrier(Field::carrier);
  contract.carrier_account = identifier_key(row.identifier(Field::carrier_account_number));
  read_end_action(row, contract);
  read_notice_period(row, contract);
  contract.mrc = row.money(Field::contract_mrc);
  contract.notes = row.note();
  const auto account = named_account(reading, row);
  read_term_dates(row, contract);
  if (row.rejected()) return {};
  contract.account = account->name;
  note_carrier(reading, row, contract.carrier);
  if (const auto kept = reading.catalog.own_contract(contract.number)) {
    return merge_row(row, reading.book.contracts, *kept, contract, pair_contracts);
  }
  reading.catalog.add(contract);
  return {};
}

}  // namespace holdfast::accounts::import_book
