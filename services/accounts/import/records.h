#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>

#include "accounts/import/packed.h"
#include "accounts/import/spool.h"

namespace holdfast::accounts::import_book {

// Goes through what gives its elements by their number, as values.
template <class Sequence>
class Each {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = typename Sequence::value_type;

  Each() = default;
  Each(const Sequence& sequence, std::size_t at) : sequence_(&sequence), at_(at) {}

  value_type operator*() const { return (*sequence_)[at_]; }
  Each& operator++() {
    ++at_;
    return *this;
  }
  void operator++(int) { ++at_; }
  bool operator==(const Each&) const = default;

 private:
  const Sequence* sequence_ = nullptr;
  std::size_t at_ = 0;
};

// An empty one when the spool has failed.
template <class Record>
Record spooled(const Spool& spool, SpoolPlace place) {
  auto record = unpack<Record, Places::told>(spool.read(place));
  if (record) return *std::move(record);
  spool.give_up(std::move(record).error());
  return {};
}

// Records of one kind, of which a place in the spool stays in memory. Whoever uses one includes the record's Fields.
template <class Record>
class Records {
 public:
  using value_type = Record;

  explicit Records(std::shared_ptr<Spool> spool) : spool_(std::move(spool)) {}

  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  Record operator[](std::size_t at) const { return spooled<Record>(*spool_, places_[at]); }
  Each<Records> begin() const { return {*this, 0}; }
  Each<Records> end() const { return {*this, size()}; }

  void push_back(const Record& record) { places_.push_back(spool_->append(pack<Places::told>(record))); }
  // The bytes from before stay in the spool.
  void set(std::size_t at, const Record& record) { places_[at] = spool_->append(pack<Places::told>(record)); }

 private:
  std::shared_ptr<Spool> spool_;
  std::deque<SpoolPlace> places_;  // a vector would take twice that while it grows
};

// The same, and where in the files each stands: to be sorted by that.
template <class Record>
class PlacedRecords {
 public:
  using value_type = Record;

  explicit PlacedRecords(std::shared_ptr<Spool> spool) : spool_(std::move(spool)) {}

  std::size_t size() const { return placed_.size(); }
  bool empty() const { return placed_.empty(); }
  Record operator[](std::size_t at) const { return spooled<Record>(*spool_, placed_[at].spooled); }
  Each<PlacedRecords> begin() const { return {*this, 0}; }
  Each<PlacedRecords> end() const { return {*this, size()}; }

  void push_back(const Record& record) {
    placed_.push_back({record.place, spool_->append(pack<Places::told>(record))});
  }
  // By table and row; those of one row in the order in which they came.
  void sort() {
    std::ranges::sort(placed_, {},
                      [](const Placed& one) { return std::tuple(one.place.table, one.place.row, one.spooled); });
  }

 private:
  struct Placed {
    RowPlace place;
    SpoolPlace spooled;
  };

  std::shared_ptr<Spool> spool_;
  std::deque<Placed> placed_;
};

}  // namespace holdfast::accounts::import_book
