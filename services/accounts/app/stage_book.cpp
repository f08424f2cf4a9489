#include "accounts/app/stage_book.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "accounts/app/source_ids.h"
#include "accounts/domain/account.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/packed.h"
#include "accounts/import/record_index.h"
#include "accounts/import/text.h"
#include "accounts/store/columns.h"
#include "accounts/store/import_work.sql.h"

namespace holdfast::accounts {
namespace {

constexpr size_t rows_a_statement = 5'000;

std::int32_t narrow(std::uint32_t number) { return static_cast<std::int32_t>(number); }

Result<> stage_sheets(sql::Transaction& transaction, const ImportId& id, const import_book::Book& book) {
  std::vector<std::string> names, files, ignored;
  std::vector<std::int32_t> headers, read, created, updated, unchanged, rejected, warnings(book.tables.size());
  for (const auto& finding : book.findings) warnings[finding.place.table] += finding.rejects ? 0 : 1;
  for (const auto& table : book.tables) {
    names.push_back(table.name);
    files.push_back(table.file);
    ignored.push_back(table.ignored ? table.why_ignored : std::string());
    headers.push_back(narrow(table.header_row));
    read.push_back(narrow(table.rows_read));
    created.push_back(narrow(table.created));
    updated.push_back(narrow(table.updated));
    unchanged.push_back(narrow(table.unchanged));
    rejected.push_back(narrow(table.rejected));
  }
  CHECK_OK(transaction.exec(statements::stage_sheets, transaction.agency(), id, names, files, ignored, headers, read,
                            created, updated, unchanged, rejected, warnings));
  return {};
}

// A row that only tells of another site of somebody, or adds to an earlier row's record, follows the row that brought
// it. That stands in the same table, mostly; settle_rows knows what to do where it does not.
std::optional<import_book::RowPlace> row_followed(const import_book::RowVerdict& verdict) {
  if (verdict.follows.row != 0) return verdict.follows;
  if (verdict.verdict != import_book::Verdict::updated || verdict.first_row == 0) return std::nullopt;
  return import_book::RowPlace{verdict.place.table, verdict.first_row};
}

Result<> stage_rows(sql::Transaction& transaction, const ImportId& id, const import_book::Book& book) {
  for (size_t from = 0; from < book.verdicts.size(); from += rows_a_statement) {
    std::vector<std::int32_t> sheets, rows, firsts;
    std::vector<std::optional<std::int32_t>> follows_sheets, follows_rows;
    std::vector<std::string> verdicts;
    for (size_t at = from; at < std::min(from + rows_a_statement, book.verdicts.size()); ++at) {
      const auto verdict = book.verdicts[at];
      sheets.push_back(narrow(verdict.place.table));
      rows.push_back(narrow(verdict.place.row));
      firsts.push_back(narrow(verdict.first_row));
      verdicts.emplace_back(to_string(static_cast<RowVerdict>(verdict.verdict)));
      const auto followed = row_followed(verdict);
      follows_sheets.push_back(followed ? std::optional(narrow(followed->table)) : std::nullopt);
      follows_rows.push_back(followed ? std::optional(narrow(followed->row)) : std::nullopt);
    }
    CHECK_OK(transaction.exec(statements::stage_rows, transaction.agency(), id, sheets, rows, verdicts, firsts,
                              follows_sheets, follows_rows));
  }
  return {};
}

Result<> stage_findings(sql::Transaction& transaction, const ImportId& id, const import_book::Book& book) {
  for (size_t from = 0; from < book.findings.size(); from += rows_a_statement) {
    std::vector<std::int32_t> sheets, rows, rejects, firsts;
    std::vector<std::string> reasons, columns, values, messages;
    for (size_t at = from; at < std::min(from + rows_a_statement, book.findings.size()); ++at) {
      const auto finding = book.findings[at];
      sheets.push_back(narrow(finding.place.table));
      rows.push_back(narrow(finding.place.row));
      rejects.push_back(finding.rejects ? 1 : 0);
      reasons.emplace_back(info(finding.reason).camel);
      columns.push_back(finding.column);
      values.push_back(finding.value);
      messages.push_back(finding.message);
      firsts.push_back(narrow(finding.first.row));
    }
    CHECK_OK(transaction.exec(statements::stage_findings, transaction.agency(), id, sheets, rows, rejects, reasons,
                              columns, values, messages, firsts));
  }
  return {};
}

// How many accounts of the book stand above each.
std::vector<std::uint8_t> depths_of(const import_book::Records<import_book::Account>& accounts) {
  import_book::RecordIndex<import_book::Account> by_name(
      accounts, [](const import_book::Account& account) { return fold(account.name); });
  for (const auto& account : accounts) by_name.add(account);
  std::vector<std::uint8_t> depths;
  depths.reserve(accounts.size());
  for (auto account : accounts) {
    std::uint8_t steps = 0;  // parents make no cycles, and no more levels than accounts may have
    for (; !account.parent.empty() && steps <= max_depth; ++steps) {
      const auto parent = by_name.first(fold(account.parent));
      account = parent ? accounts[*parent] : import_book::Account{};
    }
    depths.push_back(steps);
  }
  return depths;
}

// Writes records by chunks, each of one kind.
class RecordStage {
 public:
  RecordStage(sql::Transaction& transaction, const ImportId& id) : transaction_(transaction), id_(id) {}

  template <class Record>
  Result<> add(RecordKind kind, const import_book::Records<Record>& records) {
    for (const auto& record : records) CHECK_OK(add_one(kind, record));
    return end(kind);
  }

  // Parents before those that hang under them, else in the order of the book.
  Result<> add(const import_book::Records<import_book::Account>& accounts) {
    const auto depths = depths_of(accounts);
    for (std::uint8_t depth = 0; depth <= max_depth + 1; ++depth) {
      for (size_t at = 0; at < accounts.size(); ++at) {
        if (depths[at] == depth) CHECK_OK(add_one(RecordKind::account, accounts[at]));
      }
    }
    return end(RecordKind::account);
  }

  std::int32_t count() const { return count_; }

 private:
  template <class Record>
  Result<> add_one(RecordKind kind, const Record& record) {
    sheets_.push_back(narrow(record.place.table));
    rows_.push_back(narrow(record.place.row));
    sources_.push_back(source_of(transaction_.agency(), record));
    bodies_.push_back({import_book::pack(record)});
    return std::ssize(rows_) == import_chunk_records ? write(kind) : Result<>();
  }

  // A chunk holds records of one kind.
  Result<> end(RecordKind kind) { return rows_.empty() ? Result<>() : write(kind); }

  Result<> write(RecordKind kind) {
    CHECK_OK(transaction_.exec(statements::stage_chunk, transaction_.agency(), id_, count_ + 1, to_string(kind),
                               sheets_, rows_, sources_, bodies_));
    count_ += static_cast<std::int32_t>(rows_.size());
    sheets_.clear();
    rows_.clear();
    sources_.clear();
    bodies_.clear();
    return {};
  }

  sql::Transaction& transaction_;
  const ImportId id_;
  std::int32_t count_ = 0;
  std::vector<std::int32_t> sheets_, rows_;
  std::vector<Uuid> sources_;
  std::vector<sql::Bytes> bodies_;
};

}  // namespace

Result<std::int32_t> stage_book(sql::Transaction& transaction, const ImportId& id, const import_book::Book& book) {
  CHECK_OK(stage_sheets(transaction, id, book));
  CHECK_OK(stage_rows(transaction, id, book));
  CHECK_OK(stage_findings(transaction, id, book));
  RecordStage stage(transaction, id);
  CHECK_OK(stage.add(RecordKind::carrier, book.carriers));
  CHECK_OK(stage.add(book.accounts));
  CHECK_OK(stage.add(RecordKind::location, book.locations));
  CHECK_OK(stage.add(RecordKind::contact, book.contacts));
  CHECK_OK(stage.add(RecordKind::carrier_contact, book.carrier_contacts));
  CHECK_OK(stage.add(RecordKind::carrier_account, book.carrier_accounts));
  CHECK_OK(stage.add(RecordKind::contract, book.contracts));
  CHECK_OK(stage.add(RecordKind::product, book.products));
  CHECK_OK(stage.add(RecordKind::order, book.orders));
  CHECK_OK(book.spool->state());  // else what was staged is not what the book says
  return stage.count();
}

}  // namespace holdfast::accounts
