#include "contracts/app/contracts.h"
#include "contracts/store/terms.sql.h"
#include "runtime/sql/page.h"

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
  static constexpr auto list = FieldList{Field{"replaced_in", &T::replaced_in}, Field{"number", &T::number}};
};

template <>
struct Fields<contracts::EntryPlace> {
  static constexpr auto list = FieldList{Field{"version", &contracts::EntryPlace::version}};
};

}  // namespace holdfast

namespace holdfast::contracts {

Result<TermList> list_terms(sql::Transaction& transaction, const ListTerms& query) {
  CHECK_OK(get_contract(transaction, {query.contract_id}));
  const auto page = TRY(sql::page_of<TermPlace>(query));
  TermList list;
  list.terms = TRY((transaction.many<TermRow>(statements::list_terms, transaction.agency(), query.contract_id,
                                              page.after, page.limit())));
  list.next_page_token = sql::next_page(page, list.terms, [](const TermRow& last) {
    return TermPlace{last.replaced_in, last.number};
  });
  return list;
}

Result<ReminderList> list_reminders(sql::Transaction& transaction, const ListReminders& query) {
  CHECK_OK(get_contract(transaction, {query.contract_id}));
  const auto page = TRY(sql::page_of<EntryPlace>(query));
  ReminderList list;
  list.reminders = TRY((transaction.many<LedgerEntry>(statements::list_entries, transaction.agency(), query.contract_id,
                                                      page.after, page.limit())));
  list.next_page_token =
      sql::next_page(page, list.reminders, [](const LedgerEntry& last) { return EntryPlace{last.version}; });
  return list;
}

}  // namespace holdfast::contracts
