#pragma once

#include <vector>

#include "accounts/app/chunk.h"
#include "accounts/app/import_steps.h"

namespace holdfast::accounts {

// Contracts and orders are the contracts service's: it is sent a chunk in one batch, with what it needs of the book.
bool is_of_contracts(RecordKind kind);

// What became of one record; the reason of a rejected one.
struct Answered {
  RowVerdict verdict{};
  Reason reason = Reason::internal;
  std::string message;
  std::string name;  // that other records refer to it by
};

// Sends the chunk. Blocks, in no transaction; the same chunk of the same import again is answered as the first time.
Result<std::vector<Answered>> ask_contracts(const ImportWorkshop& workshop, const Call& call, const ImportJob& job,
                                            const StartedImport& order, const std::vector<StagedRecord>& records);

Result<> settle_answered(Chunk& chunk, const std::vector<Answered>& answered);

}  // namespace holdfast::accounts
