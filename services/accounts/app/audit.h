#pragma once

#include <string>
#include <string_view>

#include "runtime/events/unit_of_work.h"

namespace holdfast::accounts {

// Something that may not be done unseen.
struct AuditEntry {
  std::string action;  // "verification.reveal"
  Uuid subject;
  std::string detail;  // which of the subject's things; never a secret
  std::string reason;
};

// Who did it, when and why, in the transaction that does it.
void audit(events::UnitOfWork& work, const AuditEntry& entry);

}  // namespace holdfast::accounts
