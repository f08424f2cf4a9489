#include "accounts/import/encoding.h"

#include <array>

namespace holdfast::accounts::import_book {
namespace {

// What 0x80 to 0x9F stand for; 0 is undefined.
constexpr std::array<char16_t, 32> windows_1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

}  // namespace

void EncodingDetector::feed(std::string_view piece) {
  for (const char c : piece) step(static_cast<unsigned char>(c));
}

void EncodingDetector::step(unsigned char byte) {
  if (offset_ < 3) first_[offset_] = byte;
  if (offset_ == 1) utf_16_ = (first_[0] == 0xFF && byte == 0xFE) || (first_[0] == 0xFE && byte == 0xFF);
  if (offset_ == 2) marked_ = first_[0] == 0xEF && first_[1] == 0xBB && byte == 0xBF;
  zero_ = zero_ || byte == 0;
  if (byte >= 0x80 && byte <= 0x9F && windows_1252[byte - 0x80] == 0) ++undefined_;
  if (pending_ > 0) {
    const bool fits = byte >= low_ && byte <= high_;
    low_ = 0x80;
    high_ = 0xBF;
    if (fits) {
      if (--pending_ == 0) ++whole_;
      ++offset_;
      return;
    }
    broken();
  }
  if (byte >= 0xC2 && byte <= 0xDF)
    pending_ = 1;
  else if (byte >= 0xE0 && byte <= 0xEF)
    pending_ = 2;
  else if (byte >= 0xF0 && byte <= 0xF4)
    pending_ = 3;
  else if (byte >= 0x80)
    broken();
  if (byte == 0xE0) low_ = 0xA0;   // shorter forms exist
  if (byte == 0xED) high_ = 0x9F;  // surrogates
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;  // beyond Unicode
  ++offset_;
}

void EncodingDetector::broken() {
  pending_ = 0;
  if (broken_++ == 0) first_broken_ = offset_;
}

Result<Encoding> EncodingDetector::encoding() const {
  if (utf_16_) return fail(Reason::text_not_utf8, "the file is UTF-16; save it as UTF-8");
  if (zero_) return fail(Reason::text_not_utf8, "the file holds zero bytes: it is not text");
  if (broken_ == 0 && pending_ == 0) return Encoding::utf_8;
  // Proper UTF-8 characters beside broken ones: a damaged or mixed file. Reading it as Windows-1252 would turn every
  // accent into two odd characters and nobody would notice.
  if (marked_ || whole_ > broken_ || undefined_ > 0) {
    return fail(Reason::text_not_utf8,
                "byte " + std::to_string(first_broken_ + 1) + " is no UTF-8; save the file as UTF-8");
  }
  return Encoding::windows_1252;
}

std::string from_windows_1252(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const unsigned code = byte >= 0x80 && byte <= 0x9F ? windows_1252[byte - 0x80] : byte;
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | (code >> 6));
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | (code >> 12));
      out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return out;
}

}  // namespace holdfast::accounts::import_book
