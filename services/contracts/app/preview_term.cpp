#include "contracts/app/contracts.h"

namespace holdfast::contracts {

Result<TermPreview> preview_term(sql::Transaction&, const PreviewTerm& query, Instant now) {
  return preview(query, now);
}

}  // namespace holdfast::contracts
