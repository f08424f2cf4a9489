#pragma once

#include "contracts/domain/account.h"
#include "contracts/domain/amendment.h"
#include "contracts/domain/contract.h"
#include "contracts/domain/deadline.h"
#include "contracts/domain/decisions.h"
#include "contracts/domain/history.h"
#include "contracts/domain/imported_contract.h"
#include "contracts/domain/order.h"
#include "contracts/domain/told.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/timers/timers.h"

// The verbs of this service, each in a file of its own.
namespace holdfast::contracts {

// The timer of a contract's term, by the business clock: its subject is the contract.
inline constexpr std::string_view term_timer = "contracts.term";

struct GetContract {
  ContractId id;
};

struct ListContracts {
  std::optional<AccountId> account_id;  // of all accounts unless given
  std::int32_t page_size = 0;
  std::string page_token;
};
struct ContractList {
  std::vector<Contract> contracts;
  std::string next_page_token;
};

struct ListOrders {
  std::optional<AccountId> account_id;
  std::int32_t page_size = 0;
  std::string page_token;
};
struct OrderList {
  std::vector<Order> orders;
  std::string next_page_token;
};

Result<Contract> create_contract(events::UnitOfWork& work, const CreateContract& command);
Result<Contract> amend_contract(events::UnitOfWork& work, const AmendContract& command);
Result<Contract> send_notice(events::UnitOfWork& work, const SendNotice& command);
Result<Contract> acknowledge_notice(events::UnitOfWork& work, const AcknowledgeNotice& command);
Result<Contract> decide_to_stay(events::UnitOfWork& work, const DecideToStay& command);
Result<Contract> terminate_contract(events::UnitOfWork& work, const TerminateContract& command);
Result<Contract> snooze_reminders(events::UnitOfWork& work, const SnoozeReminders& command);

// Rows that are at fault get a verdict; nothing of the batch is done when the system is.
Result<Verdicts> import_contracts(events::UnitOfWork& work, const ImportContracts& command);
Result<Verdicts> import_orders(events::UnitOfWork& work, const ImportOrders& command);
Result<OrderList> list_orders(sql::Transaction& transaction, const ListOrders& query);

Result<Contract> get_contract(sql::Transaction& transaction, const GetContract& query);
Result<ContractList> list_contracts(sql::Transaction& transaction, const ListContracts& query);
Result<TermList> list_terms(sql::Transaction& transaction, const ListTerms& query);
Result<ReminderList> list_reminders(sql::Transaction& transaction, const ListReminders& query);
Result<TermPreview> preview_term(sql::Transaction& transaction, const PreviewTerm& query, Instant now);
Result<Deadlines> list_deadlines(sql::Transaction& transaction, const ListDeadlines& query, Instant now);

// What the timer does, for many contracts at once: everything that has fallen due by now is written and published; when
// something is due next.
Result<> advance_contracts(std::span<timers::Firing> firings);

// Copies of the book: from events, or from its owner when an event has not come yet. The account's contracts follow
// where they are to be reminded earlier, or no longer (R24).
Result<> keep_account(events::UnitOfWork& work, const Account& account);
Result<> keep_location(events::UnitOfWork& work, const Location& location);
// The copies alone, while what the contracts did about them is being taken back; and what is left to do about them
// then: the accounts whose contracts do not follow, and that they do.
Result<> copy_account(events::UnitOfWork& work, const Account& account);
Result<> copy_location(events::UnitOfWork& work, const Location& location);
Result<std::vector<AccountId>> unfollowed_accounts(sql::Transaction& transaction);
Result<> follow_account(events::UnitOfWork& work, AccountId account);

// What an event of ours says, for a database that was restored and has forgotten it. Nothing is published: it was.
// False, and nothing is done, while a version before it is missing and not lost, or its number is another contract's.
Result<bool> take_back_contract(events::UnitOfWork& work, const Told& told, bool missing_is_lost);
Result<> take_back_order(events::UnitOfWork& work, const Order& order);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::GetContract> {
  static constexpr auto list = FieldList{Field{"id", &contracts::GetContract::id}};
};

template <>
struct Fields<contracts::ListContracts> {
  using T = contracts::ListContracts;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<contracts::ContractList> {
  using T = contracts::ContractList;
  static constexpr auto list =
      FieldList{Field{"contracts", &T::contracts}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<contracts::ListOrders> {
  using T = contracts::ListOrders;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<contracts::OrderList> {
  using T = contracts::OrderList;
  static constexpr auto list = FieldList{Field{"orders", &T::orders}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast
