#include "contracts/app/contracts.h"
#include "contracts/store/terms.sql.h"
#include "runtime/sql/keyset.h"

namespace holdfast::contracts {

struct TermPlace {
  std::int64_t replaced_in = 0;
  std::int32_t number = -1;
};
struct EntryPlace {
  std::int64_t version = 0;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::TermPlace> {
  using T = contracts::TermPlace;
  static constexpr auto list = std::tuple{Field{"replaced_in", &T::replaced_in}, Field{"number", &T::number}};
};

template <>
struct Fields<contracts::EntryPlace> {
  static constexpr auto list = std::tuple{Field{"version", &contracts::EntryPlace::version}};
};

}  // namespace holdfast

namespace holdfast::contracts {

Result<TermList> list_terms(sql::Transaction& transaction, const ListTerms& query) {
  CHECK_OK(get_contract(transaction, {query.contract_id}));
  const auto size = TRY(sql::page_rows(query.page_size));
  const auto place = query.page_token.empty() ? TermPlace{} : TRY(sql::place_of<TermPlace>(query.page_token));
  TermList list;
  list.terms = TRY(
      (transaction.many<TermRow>(statements::list_terms, transaction.agency(), query.contract_id, place, size + 1)));
  list.next_page_token = sql::cut_page(list.terms, size, [](const TermRow& last) {
    return TermPlace{last.replaced_in, last.number};
  });
  return list;
}

Result<ReminderList> list_reminders(sql::Transaction& transaction, const ListReminders& query) {
  CHECK_OK(get_contract(transaction, {query.contract_id}));
  const auto size = TRY(sql::page_rows(query.page_size));
  const auto place = query.page_token.empty() ? EntryPlace{} : TRY(sql::place_of<EntryPlace>(query.page_token));
  ReminderList list;
  list.reminders = TRY((transaction.many<LedgerEntry>(statements::list_entries, transaction.agency(), query.contract_id,
                                                      place, size + 1)));
  list.next_page_token =
      sql::cut_page(list.reminders, size, [](const LedgerEntry& last) { return EntryPlace{last.version}; });
  return list;
}

}  // namespace holdfast::contracts
