#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/events/unit_of_work.h"

// What was last imported as which contract or order: the same row again changes nothing, whatever has been amended
// since.
namespace holdfast::contracts {

template <HasFields Row>
Uuid fingerprint_of(const Row& row) {
  std::string text;
  const auto parameters = sql::Parameters::of(row);
  for (const auto& value : parameters.values()) {
    text += value ? std::to_string(value->size()) + ":" + *value : "-";
  }
  return named_uuid(Uuid{}, text);
}

Result<std::map<Uuid, Uuid>> fingerprints_of(events::UnitOfWork& work, const std::vector<Uuid>& ids);
void keep_fingerprint(events::UnitOfWork& work, const Uuid& id, const Uuid& fingerprint);

}  // namespace holdfast::contracts
