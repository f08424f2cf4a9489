#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "accounts/import/packed.h"

namespace holdfast::accounts::import_book {

// Records as bytes: as a struct each takes 32 bytes for every text, and most of their texts are short or empty. For the
// kind of which a book has the most. Whoever uses one includes the record's Fields.
template <class Record>
class PackedRecords {
 public:
  std::size_t size() const { return records_.size(); }
  bool empty() const { return records_.empty(); }
  Record operator[](std::size_t at) const {
    const auto& [place, bytes] = records_[at];
    auto record = *unpack<Record>(bytes);  // which was packed here
    record.place = place;
    return record;
  }
  Record front() const { return (*this)[0]; }

  void push_back(const Record& record) { records_.push_back(packed(record)); }
  void set(std::size_t at, const Record& record) { records_[at] = packed(record); }
  void pop_front() { records_.pop_front(); }

 private:
  struct Packed {
    RowPlace place;
    std::string bytes;
  };

  static Packed packed(const Record& record) {
    auto bytes = pack(record);
    bytes.shrink_to_fit();
    return {record.place, std::move(bytes)};
  }

  std::deque<Packed> records_;
};

}  // namespace holdfast::accounts::import_book
