#include <algorithm>
#include <limits>

#include "contracts/app/contracts.h"
#include "contracts/store/book.sql.h"
#include "contracts/store/contracts.sql.h"
#include "runtime/core/limits.h"
#include "runtime/sql/page.h"

namespace holdfast::contracts {

// Where a page ended; what "now" was for its first page, so that a list read in pages is one list.
struct DeadlinePlace {
  Instant as_of;
  bool passed = true;
  Date deadline;
  std::int64_t minor = std::numeric_limits<std::int64_t>::max();
  ContractId id;
};

struct AccountName {
  AccountId id;
  std::string name;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::DeadlinePlace> {
  using T = contracts::DeadlinePlace;
  static constexpr auto list =
      FieldList{Field{"as_of", &T::as_of}, Field{"passed", &T::passed}, Field{"deadline", &T::deadline},
                Field{"minor", &T::minor}, Field{"id", &T::id}};
};

template <>
struct Fields<contracts::AccountName> {
  using T = contracts::AccountName;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}};
};

}  // namespace holdfast

namespace holdfast::contracts {
namespace {

constexpr Date before_all = std::chrono::local_days{std::chrono::year{1} / 1 / 1};

DeadlinePlace beginning(Instant as_of, bool passed) {
  DeadlinePlace place;
  place.as_of = as_of;
  place.passed = passed;
  place.deadline = before_all;
  return place;
}

DeadlinePlace place_behind(const Deadline& row, Instant as_of) {
  const auto& contract = row.contract;
  return {as_of, row.passed, *contract.current_term->notice_deadline, contract.mrc ? contract.mrc->minor : 0,
          contract.id};
}

Result<> name_accounts(sql::Transaction& transaction, std::vector<Deadline>& deadlines) {
  std::vector<AccountId> ids;
  for (const auto& deadline : deadlines) ids.push_back(deadline.contract.account_id);
  const auto names = TRY((transaction.many<AccountName>(statements::account_names, ids)));
  for (auto& deadline : deadlines) {
    const auto found = std::ranges::find(names, deadline.contract.account_id, &AccountName::id);
    if (found != names.end()) deadline.account_name = found->name;
  }
  return {};
}

}  // namespace

Result<Deadlines> list_deadlines(sql::Transaction& transaction, const ListDeadlines& query, Instant now) {
  const auto within = query.within_days.value_or(default_within_days);
  if (within < 0 || within > max_within_days) {
    return outside("within_days", 0, max_within_days, "days");
  }
  const auto page = TRY(sql::page_of(query, beginning(now, true)));
  auto place = page.after;
  std::vector<Contract> rows;
  if (place.passed) {
    rows = TRY((transaction.many<Contract>(statements::list_passed, transaction.agency(), place.as_of, place.deadline,
                                           place.minor, place.id, page.limit())));
    if (static_cast<std::int64_t>(rows.size()) < page.limit()) place = beginning(place.as_of, false);
  }
  if (!place.passed) {
    const auto wanted = page.limit() - static_cast<std::int64_t>(rows.size());
    auto coming = TRY((transaction.many<Contract>(statements::list_coming, transaction.agency(), place.as_of,
                                                  place.deadline, place.minor, place.id, wanted, within)));
    std::ranges::move(coming, std::back_inserter(rows));
  }
  Deadlines list;
  for (const auto& row : rows) list.deadlines.push_back(deadline_of(row, place.as_of));
  list.next_page_token =
      sql::next_page(page, list.deadlines, [&](const Deadline& last) { return place_behind(last, place.as_of); });
  CHECK_OK(name_accounts(transaction, list.deadlines));
  return list;
}

}  // namespace holdfast::contracts
