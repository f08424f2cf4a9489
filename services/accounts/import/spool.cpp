#include "accounts/import/spool.h"

#include <algorithm>
#include <cstring>

#include "runtime/core/limits.h"

namespace holdfast::accounts::import_book {
namespace {

std::uint64_t padded(std::uint64_t bytes) { return (bytes + Spool::unit - 1) / Spool::unit * Spool::unit; }

}  // namespace

SpoolPlace Spool::append(std::string_view piece) {
  const auto place = (in_file() + tail_.size()) / unit;
  if (place * unit > most_bytes) {
    give_up(fail(Reason::file_too_large, "what the files say takes more than " + bytes_text(most_bytes)));
  }
  if (failure_) return 0;
  const auto size = static_cast<Size>(piece.size());
  tail_.append(reinterpret_cast<const char*>(&size), sizeof(size));
  tail_ += piece;
  tail_.resize(padded(tail_.size()));
  if (tail_.size() >= tail_bytes) write_blocks();
  return static_cast<SpoolPlace>(place);
}

// Only whole blocks, so that none that was read has more behind it later.
void Spool::write_blocks() {
  if (!file_) {
    auto opened = UnnamedFile::open();
    if (!opened) return give_up(std::move(opened).error());
    file_.emplace(*std::move(opened));
  }
  const auto whole = tail_.size() / block_bytes * block_bytes;
  if (const auto written = file_->append(std::string_view(tail_).substr(0, whole)); !written) {
    return give_up(written.error());
  }
  tail_.erase(0, whole);
}

void Spool::give_up(Error error) const {
  if (!failure_) failure_ = std::move(error);
}

std::string Spool::read(SpoolPlace place) const {
  const auto begins_at = place * unit;
  std::string piece(size_at(begins_at), '\0');
  copy(begins_at + sizeof(Size), piece.data(), piece.size());
  if (failure_) piece.clear();
  return piece;
}

SpoolPlace Spool::next(SpoolPlace place) const {
  const auto begins_at = place * unit;
  return static_cast<SpoolPlace>(padded(begins_at + sizeof(Size) + size_at(begins_at)) / unit);
}

Spool::Size Spool::size_at(std::uint64_t begins_at) const {
  Size size = 0;
  copy(begins_at, reinterpret_cast<char*>(&size), sizeof(size));
  return failure_ ? 0 : size;
}

void Spool::copy(std::uint64_t begins_at, char* into, std::size_t count) const {
  while (count > 0 && !failure_) {
    std::string_view from;
    if (begins_at >= in_file()) {
      from = std::string_view(tail_).substr(std::min<std::uint64_t>(begins_at - in_file(), tail_.size()));
    } else if (const auto* found = block(begins_at / block_bytes)) {
      from = std::string_view(found->bytes.data(), block_bytes).substr(begins_at % block_bytes);
    }
    if (from.empty()) give_up(fail(Reason::internal, "a piece of a spool is not where it was put"));
    from = from.substr(0, count);
    std::memcpy(into, from.data(), from.size());
    into += from.size();
    begins_at += from.size();
    count -= from.size();
  }
}

const Spool::Block* Spool::block(std::uint64_t number) const {
  if (blocks_.empty()) blocks_.resize(blocks_kept);
  auto& kept = blocks_[number % blocks_kept];
  if (kept.number == number) return &kept;
  const auto got = file_->read(number * block_bytes, kept.bytes.data(), block_bytes);
  kept.number = got && *got == block_bytes ? number : UINT64_MAX;
  if (kept.number == number) return &kept;
  give_up(got ? fail(Reason::internal, "a block of a spool is not in its file") : got.error());
  return nullptr;
}

}  // namespace holdfast::accounts::import_book
