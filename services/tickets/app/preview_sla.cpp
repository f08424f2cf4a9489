#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<SlaPreview> preview_sla(sql::Transaction&, const PreviewSla& query) { return preview(query); }

}  // namespace holdfast::tickets
