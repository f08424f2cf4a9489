#pragma once

#include <vector>

#include "runtime/core/call.h"
#include "runtime/operations/business_time.h"
#include "runtime/operations/subject.h"

namespace holdfast::rpc {
class Service;
}

namespace holdfast::operations {

// Serves holdfast.operations.v1.OperationsService for the services of this process. Its RPCs block for PostgreSQL and
// Kafka; they hold no state of their own.
class Operations {
 public:
  Operations(BusinessTime& time, const Clock& system_clock) : time_(time), system_clock_(system_clock) {}

  // Before the server starts; the subject's parts outlive it.
  void add(Subject subject) { subjects_.push_back(std::move(subject)); }
  void serve(rpc::Service& service);

 private:
  using Subjects = std::vector<const Subject*>;

  void serve_clock(rpc::Service& service);
  void serve_quiescence(rpc::Service& service);
  void serve_dead_letters(rpc::Service& service);
  void serve_redrives(rpc::Service& service);
  void serve_verify(rpc::Service& service);
  // Those of this name, or all for an empty one. FIELD_INVALID where no service of this name runs here.
  Result<Subjects> named(const std::string& service) const;
  // The one of this name. FIELD_REQUIRED for an empty one.
  Result<const Subject*> only(const std::string& service) const;

  BusinessTime& time_;
  const Clock& system_clock_;
  std::vector<Subject> subjects_;
};

}  // namespace holdfast::operations
