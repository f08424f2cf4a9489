#pragma once

#include <string>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"

namespace holdfast::accounts {

struct CreateKey {
  std::string name;
  std::vector<std::string> permissions;
};

// What a key is for, and what it may do.
struct KeyGrant {
  std::string name;
  std::vector<std::string> permissions;
};

// The token that a key is exchanged for names them all, and has 4 KiB.
inline constexpr size_t max_permissions = 48;
inline constexpr size_t max_permission_bytes = 40;

// A key may do at least something, and nothing that its maker may not.
Result<KeyGrant> grant(const CreateKey& command, const Principal& maker);

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::CreateKey> {
  using T = accounts::CreateKey;
  static constexpr auto list = FieldList{Field{"name", &T::name}, Field{"permissions", &T::permissions}};
};
