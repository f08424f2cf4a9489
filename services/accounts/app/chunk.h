#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "accounts/app/imports.h"
#include "accounts/app/source_ids.h"
#include "accounts/import/packed.h"

namespace holdfast::accounts {

// A record as it was staged.
struct StagedRecord {
  std::int32_t position = 0;
  RecordKind kind{};
  std::int32_t sheet = 0;
  std::int32_t row = 0;
  Uuid source_id;
  sql::Bytes body;
};

// A thousand records of one kind on their way from the stage into the book, in one transaction. What becomes of them is
// collected, and written at the end.
class Chunk {
 public:
  Chunk(events::UnitOfWork& work, ImportId import, bool dry_run, StaffId owner, std::vector<StagedRecord> records);

  events::UnitOfWork& work;
  const ImportId import;
  const bool dry_run;
  const StaffId owner;  // of accounts whose book names nobody
  const std::vector<StagedRecord> records;

  sql::Transaction& transaction() { return work.transaction; }
  AgencyId agency() const { return work.agency(); }

  // What records a second time says the same as the first: settled at once. The places of the others.
  Result<std::vector<size_t>> unsettled();

  void settle(size_t place, RowVerdict verdict);
  // With the reason for the user; `name` of a record that others refer to by it.
  void reject(size_t place, Reason reason, std::string message);
  void keep_name(size_t place, const std::string& name) { names_[place] = name; }
  // False for a resource that an earlier record of this chunk has changed: of two records that mean the same one the
  // first counts.
  bool is_first_change_of(const Uuid& resource) { return changed_.insert(resource).second; }

  // Verdicts, findings, what was imported as what, and the cursor.
  Result<> leave();

 private:
  std::vector<Uuid> fingerprints_;
  std::vector<std::optional<RowVerdict>> verdicts_;
  std::vector<std::string> names_;
  std::unordered_set<Uuid> changed_;
  std::vector<std::int32_t> sheets_, rows_, rejects_, firsts_;  // of findings
  std::vector<std::string> reasons_, columns_, values_, messages_;
};

// Applies the chunk, whose records are of this kind.
Result<> apply_carriers(Chunk& chunk);
Result<> apply_accounts(Chunk& chunk);
Result<> apply_locations(Chunk& chunk);
Result<> apply_contacts(Chunk& chunk);
Result<> apply_carrier_contacts(Chunk& chunk);
Result<> apply_carrier_accounts(Chunk& chunk);
Result<> apply_products(Chunk& chunk);

// The records at these places, taken from their bytes.
template <class Record>
Result<std::vector<Record>> records_at(const Chunk& chunk, const std::vector<size_t>& places) {
  std::vector<Record> records;
  records.reserve(places.size());
  for (const auto place : places) {
    auto record = TRY(import_book::unpack<Record>(chunk.records[place].body.data));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::StagedRecord> {
  using T = accounts::StagedRecord;
  static constexpr auto list =
      FieldList{Field{"position", &T::position}, Field{"kind", &T::kind},           Field{"sheet", &T::sheet},
                Field{"row", &T::row},           Field{"source_id", &T::source_id}, Field{"body", &T::body}};
};
