#pragma once

#include <optional>
#include <string>

#include "accounts/import/book.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {

// Sets a record beside a later row about the same key. What the row leaves open says nothing; what it adds is kept;
// what it says differently contradicts the record: then the first wins, so that a second import changes nothing.
class Merge {
 public:
  void text(Field field, std::string& kept, const std::string& said) {
    compare(field, kept, said, kept.empty(), said.empty(), [&] { return fold(kept) == fold(said); });
  }
  void phone(Field field, Phone& kept, const Phone& said) {
    compare(field, kept, said, kept.e164.empty(), said.e164.empty(), [&] { return kept == said; });
  }
  template <class T>
  void value(Field field, std::optional<T>& kept, const std::optional<T>& said) {
    compare(field, kept, said, !kept, !said, [&] { return kept == said; });
  }

  // A choice that a default makes where the book is silent: the default says nothing.
  template <class T>
  void choice(Field field, T& kept, const T& said) {
    compare(field, kept, said, kept.defaulted, said.defaulted, [&] { return kept == said; });
  }

  bool contradicts() const { return contradiction_.has_value(); }
  Field contradiction() const { return *contradiction_; }
  bool adds() const { return adds_; }

  // First compare, then, when nothing in the row contradicts, compare once more with this set.
  void apply() { applies_ = true; }

 private:
  template <class T, class Same>
  void compare(Field field, T& kept, const T& said, bool kept_open, bool said_open, Same same) {
    if (said_open) return;
    if (kept_open) {
      adds_ = true;
      if (applies_) kept = said;
    } else if (!same() && !contradiction_) {
      contradiction_ = field;
    }
  }

  std::optional<Field> contradiction_;
  bool adds_ = false;
  bool applies_ = false;
};

}  // namespace holdfast::accounts::import_book
