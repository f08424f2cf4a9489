#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/app/chunk.h"
#include "accounts/store/columns.h"

namespace holdfast::accounts {

template <class Resource>
struct Change {
  Resource before;
  Resource after;
};

// What a chunk does to one kind of resource.
template <class Resource>
struct Changes {
  std::vector<Resource> created;
  std::vector<Change<Resource>> changed;

  std::vector<Resource> after() const {
    std::vector<Resource> rows;
    for (const auto& change : changed) rows.push_back(change.after);
    return rows;
  }
};

// Sorts what a record comes to into the chunk's changes and settles it.
template <class Resource>
void note_change(Chunk& chunk, size_t place, const std::optional<Resource>& before, Resource after,
                 Changes<Resource>& changes) {
  if (before && *before == after) return chunk.settle(place, RowVerdict::unchanged);
  if (!chunk.is_first_change_of(after.id.uuid)) {
    return chunk.reject(place, Reason::duplicate_conflict, "another record of this book changes the same one");
  }
  chunk.settle(place, before ? RowVerdict::updated : RowVerdict::created);
  if (before) {
    changes.changed.push_back({*before, std::move(after)});
  } else {
    changes.created.push_back(std::move(after));
  }
}

// Writes them with one statement each; each `key(resource)` is a column that stands before the resource's own. Somebody
// who has changed one meanwhile makes the transaction run again (WRITE_CONFLICT).
template <class Resource, class... Keys>
Result<> write_changes(Chunk& chunk, const Changes<Resource>& changes, const sql::Statement& insert,
                       const sql::Statement& update, Keys... keys) {
  if (!changes.created.empty()) {
    const auto key_column = [&](const auto& key) {
      std::vector<std::string> column;
      for (const auto& resource : changes.created) column.push_back(key(resource));
      return column;
    };
    CHECK_OK(std::apply(
        [&](const auto&... columns) {
          return chunk.transaction().exec(insert, chunk.agency(), key_column(keys)..., columns...);
        },
        columns_of(changes.created)));
  }
  if (changes.changed.empty()) return {};
  const auto affected = TRY(
      std::apply([&](const auto&... columns) { return chunk.transaction().exec(update, chunk.agency(), columns...); },
                 columns_of(changes.after())));
  if (affected != std::ssize(changes.changed)) return fail(Reason::write_conflict, "a resource was changed meanwhile");
  return {};
}

// The id that a record refers to: of what the agency has, or, in a dry run, the one that it would have by now.
template <class Id>
std::optional<Id> referred(const Chunk& chunk, const std::optional<Id>& found, const Uuid& source) {
  if (found || !chunk.dry_run) return found;
  return Id{source};
}

}  // namespace holdfast::accounts
