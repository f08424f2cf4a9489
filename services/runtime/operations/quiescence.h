#pragma once

#include "holdfast/operations/v1/operations.pb.h"
#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/operations/subject.h"

namespace holdfast::operations {

struct Standing {
  v1::ServiceQuiescence service;
  std::optional<Instant> next_due;  // of the business clock's timers
};

// Whether everything that this service has committed, and that others have told it, has had its consequences. It looks
// in the direction in which work travels (timers and outbox, Kafka, handlers) and says no when anything was done
// meanwhile: work that went round behind its back has left a trace in the activity. Blocks for PostgreSQL and Kafka.
Result<Standing> standing_of(const Subject& subject, const Call& call, Instant business_now);

}  // namespace holdfast::operations
