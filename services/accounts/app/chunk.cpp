#include "accounts/app/chunk.h"

#include <unordered_map>

#include "accounts/store/import_work.sql.h"

namespace holdfast::accounts {

struct Fingerprint {
  Uuid source_id;
  Uuid fingerprint;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::Fingerprint> {
  using T = accounts::Fingerprint;
  static constexpr auto list = FieldList{Field{"source_id", &T::source_id}, Field{"fingerprint", &T::fingerprint}};
};

namespace holdfast::accounts {

Chunk::Chunk(events::UnitOfWork& work, ImportId import, bool dry_run, StaffId owner, std::vector<StagedRecord> records)
    : work(work), import(import), dry_run(dry_run), owner(owner), records(std::move(records)) {
  for (const auto& record : this->records) fingerprints_.push_back(named_uuid(Uuid{}, record.body.data));
  verdicts_.resize(this->records.size());
  names_.resize(this->records.size());
}

Result<std::vector<size_t>> Chunk::unsettled() {
  std::vector<Uuid> sources;
  for (const auto& record : records) sources.push_back(record.source_id);
  const auto rows = TRY(transaction().many<Fingerprint>(statements::fingerprints, agency(), sources));
  std::unordered_map<Uuid, Uuid> before;
  for (const auto& row : rows) before.emplace(row.source_id, row.fingerprint);
  std::vector<size_t> places;
  for (size_t place = 0; place < records.size(); ++place) {
    const auto found = before.find(records[place].source_id);
    if (found != before.end() && found->second == fingerprints_[place]) {
      settle(place, RowVerdict::unchanged);
    } else {
      places.push_back(place);
    }
  }
  return places;
}

void Chunk::settle(size_t place, RowVerdict verdict) { verdicts_[place] = verdict; }

void Chunk::reject(size_t place, Reason reason, std::string message) {
  settle(place, RowVerdict::rejected);
  sheets_.push_back(records[place].sheet);
  rows_.push_back(records[place].row);
  rejects_.push_back(1);
  firsts_.push_back(0);
  reasons_.emplace_back(info(reason).camel);
  columns_.emplace_back();
  values_.emplace_back();
  messages_.push_back(std::move(message));
}

Result<> Chunk::leave() {
  std::vector<std::string> verdicts;
  std::vector<Uuid> sources, fingerprints;
  std::vector<std::string> names;
  for (size_t place = 0; place < records.size(); ++place) {
    if (!verdicts_[place]) return fail(Reason::internal, "a record of a chunk was not settled");
    verdicts.emplace_back(to_string(*verdicts_[place]));
    if (*verdicts_[place] == RowVerdict::rejected) continue;
    sources.push_back(records[place].source_id);
    fingerprints.push_back(fingerprints_[place]);
    names.push_back(names_[place]);
  }
  if (!dry_run) {
    transaction().defer(statements::keep_fingerprints, agency(), import, to_string(records.front().kind), sources,
                        names, fingerprints);
  }
  if (!rows_.empty()) {
    transaction().defer(statements::stage_findings, agency(), import, sheets_, rows_, rejects_, reasons_, columns_,
                        values_, messages_, firsts_);
  }
  transaction().defer(statements::settle_chunk, import, records.front().position, verdicts);
  transaction().defer(statements::advance_import, import, records.back().position);
  return {};
}

}  // namespace holdfast::accounts
