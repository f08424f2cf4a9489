#include "accounts/app/audit.h"

#include "accounts/store/verification.sql.h"

namespace holdfast::accounts {
namespace {

std::string_view kind_of(const Principal& who) {
  switch (who.kind) {
    case PrincipalKind::user:
      return "user";
    case PrincipalKind::integration:
      return "integration";
    case PrincipalKind::service:
      return "service";
  }
  return "unknown";
}

}  // namespace

void audit(events::UnitOfWork& work, const AuditEntry& entry) {
  const auto& call = work.call();
  work.transaction.defer(statements::insert_audit_entry, work.agency(), new_uuid(work.now), work.now, kind_of(call.who),
                         call.who.id, entry.action, entry.subject, entry.detail, entry.reason, call.request_id);
}

}  // namespace holdfast::accounts
