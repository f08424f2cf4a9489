#pragma once

#include "contracts/domain/account.h"
#include "contracts/domain/contract.h"
#include "contracts/domain/deadline.h"
#include "runtime/events/unit_of_work.h"

// The verbs of this service, each in a file of its own.
namespace holdfast::contracts {

// The timer of a contract's term, by the business clock: its subject is the contract.
inline constexpr std::string_view term_timer = "contracts.term";

struct GetContract {
  ContractId id;
};

Result<Contract> create_contract(events::UnitOfWork& work, const CreateContract& command);
Result<Contract> get_contract(sql::Transaction& transaction, const GetContract& query);
Result<TermPreview> preview_term(sql::Transaction& transaction, const PreviewTerm& query, Instant now);
Result<Deadlines> list_deadlines(sql::Transaction& transaction, const ListDeadlines& query, Instant now);

// Copies of the book: from events, or from its owner when an event has not come yet.
Result<> keep_account(events::UnitOfWork& work, const Account& account);
Result<> keep_location(events::UnitOfWork& work, const Location& location);

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::GetContract> {
  static constexpr auto list = std::tuple{Field{"id", &contracts::GetContract::id}};
};
