#include "accounts/domain/api_key.h"

#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

// "tickets.read", or "*".
bool is_permission(std::string_view text) {
  if (text == "*") return true;
  const auto dot = text.find('.');
  return text.size() <= max_permission_bytes && dot != 0 && dot != std::string_view::npos && dot + 1 < text.size() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string_view::npos;
}

}  // namespace

Result<KeyGrant> grant(const CreateKey& command, const Principal& maker) {
  auto name = TRY(read_name("name", command.name));
  const auto& permissions = command.permissions;
  if (permissions.empty()) return fail(Reason::field_required, "permissions", "a key may do at least something");
  if (permissions.size() > max_permissions) {
    return fail(Reason::field_too_long, "permissions", "are more than " + std::to_string(max_permissions));
  }
  for (size_t index = 0; index < permissions.size(); ++index) {
    const auto field = "permissions[" + std::to_string(index) + "]";
    const auto& permission = permissions[index];
    if (!is_permission(permission)) return fail(Reason::field_invalid, field, "is no permission such as tickets.read");
    if (!maker.permissions.include(permission)) {
      return fail(Reason::permission_denied, field, "its maker may not do this");
    }
  }
  return KeyGrant{std::move(name), permissions};
}

}  // namespace holdfast::accounts
