#include "accounts/domain/email.h"

#include "accounts/domain/text.h"

namespace holdfast::accounts {

std::string parse_email(std::string_view text) {
  std::string address;
  for (const char c : fold(text)) {
    if (c != ' ') address += c;
  }
  if (address.starts_with("mailto:")) address.erase(0, 7);
  if (const auto open = address.find('<'); open != std::string::npos && address.ends_with('>')) {
    address = address.substr(open + 1, address.size() - open - 2);
  }
  const auto at = address.find('@');
  const bool plain = address.find_first_of("\"()<>,;:\\[]`") == std::string::npos;
  if (at == 0 || at == std::string::npos || address.find('@', at + 1) != std::string::npos || !plain) return {};
  const auto domain = std::string_view(address).substr(at + 1);
  const auto dot = domain.rfind('.');
  const bool complete = dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size() &&
                        domain.find("..") == std::string_view::npos && domain.front() != '.' && domain.front() != '-';
  return complete && address.size() <= 254 ? address : std::string();
}

Result<std::string> read_email(const char* field, std::string_view text) {
  if (clean(text).empty()) return std::string();
  auto address = parse_email(text);
  if (address.empty()) return fail(Reason::email_invalid, field, "is no whole e-mail address");
  return address;
}

}  // namespace holdfast::accounts
