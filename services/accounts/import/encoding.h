#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "accounts/import/delimited.h"

namespace holdfast::accounts::import_book {

// Tells the encoding of a file from its bytes, fed in pieces.
class EncodingDetector {
 public:
  void feed(std::string_view piece);
  Result<Encoding> encoding() const;  // after the last piece

 private:
  void step(unsigned char byte);
  void broken();

  std::uint64_t offset_ = 0;
  std::uint64_t whole_ = 0;   // characters of several bytes that are right
  std::uint64_t broken_ = 0;  // sequences that no UTF-8 text holds
  std::uint64_t first_broken_ = 0;
  std::uint64_t undefined_ = 0;  // bytes that Windows-1252 does not define
  bool zero_ = false;
  bool marked_ = false;  // begins with the byte-order mark of UTF-8
  bool utf_16_ = false;
  unsigned char first_[3] = {};
  int pending_ = 0;  // continuation bytes still to come
  unsigned char low_ = 0x80, high_ = 0xBF;
};

std::string from_windows_1252(std::string_view bytes);

}  // namespace holdfast::accounts::import_book
