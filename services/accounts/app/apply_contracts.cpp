#include "accounts/app/apply_contracts.h"

#include "accounts/app/apply_records.h"
#include "accounts/domain/text.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/rejects.h"
#include "accounts/store/import_matches.sql.h"

namespace holdfast::accounts {

// The account and carrier that a contract or order names.
struct PartyMatch {
  std::int64_t place = 0;
  std::optional<AccountId> account_id;
  std::optional<std::string> account_name;
  std::optional<CarrierId> carrier_id;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::PartyMatch> {
  using T = accounts::PartyMatch;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"account_id", &T::account_id},
                                         Field{"account_name", &T::account_name}, Field{"carrier_id", &T::carrier_id}};
};

namespace holdfast::accounts {
namespace {

// What is the same for all records of a chunk.
struct Asking {
  AgencyId agency;
  bool dry_run = false;
  std::string zone;        // of the agency: for contracts of accounts whose sites tell none
  std::string request_id;  // the same whenever this chunk is sent
};

struct Parties {
  AccountId account;
  std::string account_name;
  std::optional<CarrierId> carrier;
};

ContractPlan plan_of(const import_book::Contract& said, const std::string& zone) {
  const bool auto_renews = said.end_of_term.action == import_book::EndAction::auto_renew;
  const bool rolls = said.end_of_term.action == import_book::EndAction::roll;
  ContractPlan plan{.signed_date = said.signed_on,
                    .term_start = said.start,
                    .term_months = said.term_months,
                    .open_ended = said.open_ended,
                    .end_of_term_action = static_cast<ContractEndAction>(said.end_of_term.action),
                    .roll_interval_months = rolls ? said.end_of_term.later_term_months : std::nullopt,
                    .renewal_term_months = auto_renews ? said.end_of_term.later_term_months : std::nullopt,
                    .notice_value = said.notice.value,
                    .notice_unit = static_cast<ContractNoticeUnit>(said.notice.unit),
                    .time_zone = said.time_zone.empty() ? zone : said.time_zone};
  if (said.end_is_typed) plan.term_end = said.initial_end;
  return plan;
}

ContractRow row_of(const Asking& asking, const Uuid& source, const import_book::Contract& said,
                   const Parties& parties) {
  return {.id = ContractId{source},
          .number = said.number,
          .account_id = parties.account,
          .account_name = parties.account_name,
          .carrier_id = parties.carrier,
          .carrier_name = said.carrier,
          .mrc = said.mrc,
          .plan = plan_of(said, asking.zone)};
}

OrderState state_of(const import_book::Order& said) {
  using Status = import_book::OrderStatus;
  const auto status = said.status.value_or(said.submitted ? Status::submitted : Status::draft);
  const bool open = status == Status::draft || status == Status::submitted || status == Status::foc_received;
  if (said.held && open) return OrderState::held;
  switch (status) {
    case Status::draft:
      return OrderState::draft;
    case Status::submitted:
      return OrderState::acknowledged;
    case Status::foc_received:
      return OrderState::in_progress;
    case Status::completed:
      return OrderState::completed;
    case Status::rejected:
      return OrderState::rejected;
    case Status::cancelled:
      break;
  }
  return OrderState::cancelled;
}

OrderRow row_of(const Asking&, const Uuid& source, const import_book::Order& said, const Parties& parties) {
  const bool is_port = said.kind == import_book::OrderKind::port;
  const auto state = state_of(said);
  return {.id = source,
          .account_id = parties.account,
          .kind = is_port ? OrderKind::port : OrderKind::disconnect,
          .reference = said.reference,
          .circuit_id = said.circuit_id,
          .carrier_name = said.carrier,
          .gaining_carrier_name = said.gaining,
          .carrier_account = said.carrier_account,
          .state = state,
          .held_reason = state == OrderState::held ? std::optional(OrderHeldReason::port_in_progress) : std::nullopt,
          .submitted_on = said.submitted,
          .foc_date = is_port ? said.date : std::nullopt,
          .requested_date = is_port ? std::nullopt : said.date,
          .effective_date = said.effective,
          .confirmation = said.confirmation};
}

std::string name_of(const import_book::Contract& said) { return said.number; }
std::string name_of(const import_book::Order&) { return {}; }

template <class Record>
Result<std::vector<Record>> unpack_all(const std::vector<StagedRecord>& records) {
  std::vector<Record> said;
  for (const auto& record : records) {
    auto one = TRY(import_book::unpack<Record>(record.body.data));
    said.push_back(std::move(one));
  }
  return said;
}

// The parties of each record; nothing where the account is not there any more.
template <class Record>
Result<std::vector<std::optional<Parties>>> parties_of(const ImportWorkshop& workshop, const Call& call,
                                                       const Asking& asking, const std::vector<Record>& said) {
  std::vector<std::string> accounts, carriers;
  for (const auto& record : said) {
    accounts.push_back(fold(record.account));
    carriers.push_back(fold(record.carrier));
  }
  const auto matches = TRY(workshop.transactor.database().read(call, [&](sql::Transaction& transaction) {
    transaction.defer(statements::look_by_index);
    return transaction.many<PartyMatch>(statements::match_accounts_of, asking.agency, accounts, carriers);
  }));
  std::vector<std::optional<Parties>> parties(said.size());
  for (const auto& match : matches) {
    const auto at = static_cast<size_t>(match.place) - 1;
    auto account = match.account_id;
    if (!account && asking.dry_run) account = AccountId{account_source(asking.agency, said[at].account)};
    if (account) parties[at] = Parties{*account, match.account_name.value_or(said[at].account), match.carrier_id};
  }
  return parties;
}

Answered answer_of(const BatchVerdict& verdict) {
  auto message = verdict.message;
  if (!verdict.field.empty()) message = verdict.field + ": " + message;
  return {
      verdict.verdict, import_book::reason_in_files(verdict.reason).value_or(Reason::internal), std::move(message), {}};
}

// `send(rows)` asks the service; rows whose account has gone are rejected here.
template <class Record, class Row, class Send>
Result<std::vector<Answered>> ask(const ImportWorkshop& workshop, const Call& call, const Asking& asking,
                                  const std::vector<StagedRecord>& records, Send send) {
  const auto said = TRY(unpack_all<Record>(records));
  const auto parties = TRY(parties_of(workshop, call, asking, said));
  std::vector<Row> rows;
  for (size_t at = 0; at < said.size(); ++at) {
    if (parties[at]) rows.push_back(row_of(asking, records[at].source_id, said[at], *parties[at]));
  }
  const BatchVerdicts batch = TRY(send(std::move(rows)));
  std::vector<Answered> answered;
  size_t next = 0;
  for (size_t at = 0; at < said.size(); ++at) {
    if (!parties[at]) {
      answered.push_back({RowVerdict::rejected, Reason::unknown_customer, "the account is not there any more", {}});
      continue;
    }
    if (next >= batch.verdicts.size()) return fail(Reason::internal, "contracts answered too few rows");
    answered.push_back(answer_of(batch.verdicts[next++]));
    answered.back().name = name_of(said[at]);
  }
  return answered;
}

}  // namespace

bool is_of_contracts(RecordKind kind) { return kind == RecordKind::contract || kind == RecordKind::order; }

Result<std::vector<Answered>> ask_contracts(const ImportWorkshop& workshop, const Call& call, const ImportJob& job,
                                            const StartedImport& order, const std::vector<StagedRecord>& records) {
  const auto zone = TRY(workshop.transactor.database().read(call, [&](sql::Transaction& transaction) {
    return transaction.one<std::string>(statements::zone_of_agency, call.who.agency);
  }));
  const Asking asking{.agency = call.who.agency,
                      .dry_run = order.dry_run,
                      .zone = zone,
                      .request_id = to_string(job.id) + "/" + std::to_string(records.front().position)};
  if (records.front().kind == RecordKind::contract) {
    return ask<import_book::Contract, ContractRow>(workshop, call, asking, records, [&](std::vector<ContractRow> rows) {
      return workshop.contracts.import_contracts(call, {std::move(rows), asking.request_id, asking.dry_run});
    });
  }
  return ask<import_book::Order, OrderRow>(workshop, call, asking, records, [&](std::vector<OrderRow> rows) {
    return workshop.contracts.import_orders(call, {std::move(rows), asking.request_id, asking.dry_run});
  });
}

Result<> settle_answered(Chunk& chunk, const std::vector<Answered>& answered) {
  if (answered.size() != chunk.records.size()) return fail(Reason::internal, "another chunk was answered");
  for (size_t place = 0; place < answered.size(); ++place) {
    const auto& answer = answered[place];
    if (answer.verdict == RowVerdict::rejected) {
      chunk.reject(place, answer.reason, answer.message);
      continue;
    }
    chunk.settle(place, answer.verdict);
    chunk.keep_name(place, answer.name);
  }
  return {};
}

}  // namespace holdfast::accounts
