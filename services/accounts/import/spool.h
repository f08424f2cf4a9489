#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/unnamed_file.h"

namespace holdfast::accounts::import_book {

// Where a piece of a spool begins, in units of Spool::unit bytes.
using SpoolPlace = std::uint32_t;

// Pieces of bytes that together are too many for memory: the last ones here, the rest in a file without a name, which
// is made when it is needed; of that, the blocks that were read last. What was appended is not changed.
//
// Like a stream it does not say of each piece whether all went well: it fails once and for all, gives empty pieces from
// then on, and is asked in the end. Reading moves blocks about: not thread-safe. Blocks on the file system.
class Spool {
 public:
  static constexpr std::uint64_t unit = 16;
  // What the files of an import may come to: some thirty million circuits.
  static constexpr std::uint64_t most_bytes = 8ull << 30;

  SpoolPlace append(std::string_view piece);
  std::string read(SpoolPlace place) const;
  // Of the piece behind this one.
  SpoolPlace next(SpoolPlace place) const;

  // For whoever finds a piece to be not what was put there; of several reasons the first counts.
  void give_up(Error error) const;
  bool failed() const { return failure_.has_value(); }
  // Why it failed, if it has.
  Result<> state() const { return failure_ ? Result<>(*failure_) : Result<>(); }

 private:
  static constexpr std::size_t block_bytes = 4096;
  // What two thousand records take: those of the rows at hand, and a few that many rows name.
  static constexpr std::size_t blocks_kept = 128;
  static constexpr std::size_t tail_bytes = 16 * block_bytes;

  struct Block {
    std::uint64_t number = UINT64_MAX;
    std::array<char, block_bytes> bytes;
  };

  using Size = std::uint32_t;

  void write_blocks();
  std::uint64_t in_file() const { return file_ ? file_->size() : 0; }
  Size size_at(std::uint64_t begins_at) const;
  void copy(std::uint64_t begins_at, char* into, std::size_t count) const;
  const Block* block(std::uint64_t number) const;

  std::optional<UnnamedFile> file_;  // whole blocks
  std::string tail_;                 // what stands behind them
  mutable std::vector<Block> blocks_;
  mutable std::optional<Error> failure_;
};

}  // namespace holdfast::accounts::import_book
