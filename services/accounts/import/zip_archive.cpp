#include "accounts/import/zip_archive.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <memory>

#include "accounts/import/text.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts::import_book {
namespace {

struct Closer {
  void operator()(void* file) const { unzClose(file); }
};
using Handle = std::unique_ptr<void, Closer>;

Error damaged(const std::string& what) {
  return fail(Reason::file_damaged, what + ": the file is damaged or was cut off; send it again");
}

bool same_part(std::string_view one, std::string_view other) {
  const auto bare = [](std::string_view name) { return name.starts_with('/') ? name.substr(1) : name; };
  return std::ranges::equal(
      bare(one), bare(other), {}, [](unsigned char c) { return std::tolower(c); },
      [](unsigned char c) { return std::tolower(c); });
}

// Unpacks the part at hand. A bomb is recognised by what it becomes, not by what it claims.
Result<Unit> unpack(void* file, const std::string& part, std::uint64_t packed, const Limits& limits,
                    const std::function<bool(std::string_view)>& sink) {
  std::vector<char> piece(64 * 1024);
  std::uint64_t unpacked = 0;
  while (true) {
    const int got = unzReadCurrentFile(file, piece.data(), static_cast<unsigned>(piece.size()));
    if (got < 0) return damaged("part " + part + " cannot be unpacked");
    if (got == 0) break;
    unpacked += static_cast<std::uint64_t>(got);
    if (unpacked > limits.inflated_bytes) {
      return fail(Reason::file_too_large,
                  "part " + part + " unpacks to more than " + bytes_text(limits.inflated_bytes));
    }
    if (unpacked > limits.ratio_from_bytes && unpacked / std::max<std::uint64_t>(packed, 1) > limits.inflated_ratio) {
      return fail(Reason::file_too_large, "part " + part + " unpacks to more than " +
                                              std::to_string(limits.inflated_ratio) + " times its size: a zip bomb");
    }
    if (!sink(std::string_view(piece.data(), static_cast<std::size_t>(got)))) return Unit{};
  }
  return Unit{};
}

}  // namespace

Result<ZipArchive> ZipArchive::open(const std::string& path, const Limits& limits) {
  const Handle file(unzOpen64(path.c_str()));
  if (!file) return damaged("the list of parts is missing");
  std::vector<std::string> parts;
  for (int status = unzGoToFirstFile(file.get()); status != UNZ_END_OF_LIST_OF_FILE;
       status = unzGoToNextFile(file.get())) {
    char name[512];
    unz_file_info64 facts{};
    if (status != UNZ_OK ||
        unzGetCurrentFileInfo64(file.get(), &facts, name, sizeof name, nullptr, 0, nullptr, 0) != UNZ_OK) {
      return damaged("the list of parts cannot be read");
    }
    if (facts.size_filename >= sizeof name) return damaged("the list of parts holds a name of more than 511 bytes");
    if (parts.size() == limits.zip_entries) {
      return fail(Reason::file_too_large, "more than " + std::to_string(limits.zip_entries) + " parts");
    }
    parts.emplace_back(name, facts.size_filename);
  }
  return ZipArchive(path, std::move(parts), limits);
}

bool ZipArchive::has(std::string_view part) const {
  return std::ranges::any_of(parts_, [&](const auto& name) { return same_part(name, part); });
}

Result<Unit> ZipArchive::read(std::string_view part, const std::function<bool(std::string_view)>& sink) const {
  const auto found = std::ranges::find_if(parts_, [&](const auto& name) { return same_part(name, part); });
  if (found == parts_.end()) return damaged("part " + std::string(part) + " is missing");
  const Handle file(unzOpen64(path_.c_str()));
  unz_file_info64 facts{};
  if (!file || unzLocateFile(file.get(), found->c_str(), 1) != UNZ_OK ||
      unzGetCurrentFileInfo64(file.get(), &facts, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
    return damaged("part " + *found + " cannot be found again");
  }
  if ((facts.flag & 1) != 0) return fail(Reason::file_damaged, "the file is locked with a password; save it without");
  if (unzOpenCurrentFile(file.get()) != UNZ_OK) return damaged("part " + *found + " cannot be opened");
  bool complete = true;
  const auto result = unpack(file.get(), *found, facts.compressed_size, limits_, [&](std::string_view piece) {
    complete = sink(piece);
    return complete;
  });
  const int closed = unzCloseCurrentFile(file.get());
  if (!result) return result.error();
  if (complete && closed == UNZ_CRCERROR) return damaged("part " + *found + " has a wrong checksum");
  return Unit{};
}

}  // namespace holdfast::accounts::import_book
