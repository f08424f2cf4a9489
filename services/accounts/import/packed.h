#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "accounts/import/table.h"
#include "runtime/core/fields.h"

// A record of a book as bytes: its fields in order, and back. For this program's own tables and files only: they live
// as long as an import runs.
namespace holdfast::accounts::import_book {

// Whether the bytes tell where a record stands. Without that, two records say the same when their bytes are the same.
enum class Places { left_out, told };

namespace packed {

inline void put_number(std::string& out, std::int64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

template <Places places, class T>
void put(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, RowPlace>) {
    if constexpr (places == Places::told) put_number(out, std::int64_t{value.table} << 32 | value.row);
  } else if constexpr (HasFields<T>) {
    for_each_field(value, [&](const char*, const auto& member) { put<places>(out, member); });
  } else if constexpr (std::is_same_v<T, std::string>) {
    put_number(out, static_cast<std::int64_t>(value.size()));
    out += value;
  } else if constexpr (is_optional<T>::value) {
    out += value ? '\1' : '\0';
    if (value) put<places>(out, *value);
  } else if constexpr (is_vector<T>::value) {
    put_number(out, static_cast<std::int64_t>(value.size()));
    for (const auto& element : value) put<places>(out, element);
  } else if constexpr (std::is_same_v<T, Date>) {
    put_number(out, value.time_since_epoch().count());
  } else {
    put_number(out, static_cast<std::int64_t>(value));
  }
}

// Takes apart what put() made; `good` turns false when something is missing.
template <Places places>
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool complete() const { return good_ && bytes_.empty(); }

  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, RowPlace>) {
      if constexpr (places == Places::told) {
        const auto both = static_cast<std::uint64_t>(number());
        value = {static_cast<std::uint32_t>(both >> 32), static_cast<std::uint32_t>(both)};
      }
    } else if constexpr (HasFields<T>) {
      for_each_field(value, [&](const char*, auto& member) { get(member); });
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = take(number());
    } else if constexpr (is_optional<T>::value) {
      if (take(1) == std::string_view("\1", 1)) get(value.emplace());
    } else if constexpr (is_vector<T>::value) {
      for (auto count = number(); good_ && count > 0; --count) get(value.emplace_back());
    } else if constexpr (std::is_same_v<T, Date>) {
      value = Date{std::chrono::days{number()}};
    } else {
      value = static_cast<T>(number());
    }
  }

 private:
  std::string_view take(std::int64_t count) {
    good_ = good_ && count >= 0 && static_cast<std::uint64_t>(count) <= bytes_.size();
    if (!good_) return {};
    const auto taken = bytes_.substr(0, static_cast<size_t>(count));
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  std::int64_t number() {
    const auto bytes = take(sizeof(std::int64_t));
    std::int64_t number = 0;
    if (good_) std::memcpy(&number, bytes.data(), sizeof(number));
    return number;
  }

  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace packed

template <Places places = Places::left_out, class Record>
std::string pack(const Record& record) {
  std::string bytes;
  packed::put<places>(bytes, record);
  return bytes;
}

template <class Record, Places places = Places::left_out>
Result<Record> unpack(std::string_view bytes) {
  Record record;
  packed::Reader<places> reader(bytes);
  reader.get(record);
  if (!reader.complete()) return fail(Reason::internal, "a staged record is not what was packed");
  return record;
}

}  // namespace holdfast::accounts::import_book
