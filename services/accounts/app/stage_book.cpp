#include "accounts/app/stage_book.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "accounts/app/source_ids.h"
#include "accounts/domain/account.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/packed.h"
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
// it.
std::map<std::pair<std::uint32_t, std::uint32_t>, import_book::RowPlace> rows_followed(const import_book::Book& book) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, import_book::RowPlace> followed;
  for (const auto& contact : book.contacts) {
    for (const auto& site : contact.sites) {
      if (site.place != contact.place) followed[{site.place.table, site.place.row}] = contact.place;
    }
  }
  return followed;
}

Result<> stage_rows(sql::Transaction& transaction, const ImportId& id, const import_book::Book& book) {
  const auto followed = rows_followed(book);
  for (size_t from = 0; from < book.verdicts.size(); from += rows_a_statement) {
    std::vector<std::int32_t> sheets, rows, firsts;
    std::vector<std::optional<std::int32_t>> follows_sheets, follows_rows;
    std::vector<std::string> verdicts;
    for (size_t at = from; at < std::min(from + rows_a_statement, book.verdicts.size()); ++at) {
      const auto& verdict = book.verdicts[at];
      sheets.push_back(narrow(verdict.place.table));
      rows.push_back(narrow(verdict.place.row));
      firsts.push_back(narrow(verdict.first_row));
      verdicts.emplace_back(to_string(static_cast<RowVerdict>(verdict.verdict)));
      // The first row stands in the same table, mostly; settle_rows knows what to do where it does not.
      const bool adds = verdict.verdict == import_book::Verdict::updated;
      auto follows = import_book::RowPlace{verdict.place.table, adds ? verdict.first_row : 0};
      if (const auto site = followed.find({verdict.place.table, verdict.place.row}); site != followed.end()) {
        follows = site->second;
      }
      follows_sheets.push_back(follows.row == 0 ? std::nullopt : std::optional(narrow(follows.table)));
      follows_rows.push_back(follows.row == 0 ? std::nullopt : std::optional(narrow(follows.row)));
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
      const auto& finding = book.findings[at];
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

// Writes records by chunks, each of one kind.
class RecordStage {
 public:
  RecordStage(sql::Transaction& transaction, const ImportId& id) : transaction_(transaction), id_(id) {}

  // All of one kind; afterwards they are gone.
  template <class Records>
  Result<> take(RecordKind kind, Records& records) {
    while (!records.empty()) {
      const auto& record = records.front();
      sheets_.push_back(narrow(record.place.table));
      rows_.push_back(narrow(record.place.row));
      sources_.push_back(source_of(transaction_.agency(), record));
      bodies_.push_back({import_book::pack(record)});
      records.pop_front();
      if (records.empty() || std::ssize(rows_) == import_chunk_records) CHECK_OK(write(kind));
    }
    return {};
  }

  std::int32_t count() const { return count_; }

 private:
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

// Parents before those that hang under them, else in the order of the book.
void sort_by_depth(std::deque<import_book::Account>& accounts) {
  std::unordered_map<std::string, const import_book::Account*> by_name;
  for (const auto& account : accounts) by_name.emplace(fold(account.name), &account);
  const auto depth = [&](const import_book::Account& account) {
    int steps = 0;  // parents make no cycles, and no more levels than accounts may have
    for (const auto* above = &account; above != nullptr && !above->parent.empty() && steps <= max_depth; ++steps) {
      const auto found = by_name.find(fold(above->parent));
      above = found == by_name.end() ? nullptr : found->second;
    }
    return steps;
  };
  std::vector<std::pair<int, size_t>> order;
  for (size_t at = 0; at < accounts.size(); ++at) order.emplace_back(depth(accounts[at]), at);
  std::ranges::sort(order);
  std::deque<import_book::Account> sorted;
  for (const auto& [steps, at] : order) sorted.push_back(std::move(accounts[at]));
  accounts = std::move(sorted);
}

}  // namespace

Result<std::int32_t> stage_book(sql::Transaction& transaction, const ImportId& id, import_book::Book book) {
  CHECK_OK(stage_sheets(transaction, id, book));
  CHECK_OK(stage_rows(transaction, id, book));
  CHECK_OK(stage_findings(transaction, id, book));
  std::vector<import_book::RowVerdict>().swap(book.verdicts);
  std::vector<import_book::Finding>().swap(book.findings);
  sort_by_depth(book.accounts);
  RecordStage stage(transaction, id);
  CHECK_OK(stage.take(RecordKind::carrier, book.carriers));
  CHECK_OK(stage.take(RecordKind::account, book.accounts));
  CHECK_OK(stage.take(RecordKind::location, book.locations));
  CHECK_OK(stage.take(RecordKind::contact, book.contacts));
  CHECK_OK(stage.take(RecordKind::carrier_contact, book.carrier_contacts));
  CHECK_OK(stage.take(RecordKind::carrier_account, book.carrier_accounts));
  CHECK_OK(stage.take(RecordKind::contract, book.contracts));
  CHECK_OK(stage.take(RecordKind::product, book.products));
  CHECK_OK(stage.take(RecordKind::order, book.orders));
  return stage.count();
}

}  // namespace holdfast::accounts
