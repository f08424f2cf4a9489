#include "runtime/events/lease.h"

#include "runtime/core/mutant.h"
#include "runtime/events/lease.sql.h"
#include "runtime/sql/database.h"

namespace holdfast::events {

constexpr std::chrono::seconds release_patience{1};

Lease::Lease(sql::Database& database, std::string name, std::chrono::milliseconds length)
    : database_(database), name_(std::move(name)), length_(length) {}

Lease::~Lease() {
  if (Clock::now() >= trusted_until_) return;
  const auto call = service_call({}, name_, release_patience);
  static_cast<void>(database_.transact(
      call, [&](sql::Transaction& transaction) { return transaction.exec(statements::release, name_, owner_); }));
}

bool Lease::hold() {
  if (mutant("lease.held_by_all")) return true;
  const auto now = Clock::now();
  const bool ours = now < trusted_until_;
  if (ours && now < asked_at_ + length_ / 3) return true;
  if (!ours && asked_at_ != Clock::time_point::min() && now < asked_at_ + length_ / 10) return false;
  asked_at_ = now;
  const auto call = service_call({}, name_, length_ / 3);
  const auto held = database_.transact(call, [&](sql::Transaction& transaction) {
    return transaction.maybe<std::int64_t>(statements::take, name_, owner_, std::int64_t{length_.count()});
  });
  answered_ = held.has_value();
  if (held) {
    term_ = held->value_or(0);
    trusted_until_ = *held ? now + length_ * 2 / 3 : Clock::time_point::min();
  }  // else the database did not answer: trust ends by itself
  return Clock::now() < trusted_until_;
}

Result<> Lease::confirm(sql::Transaction& transaction) const {
  const auto term = TRY((transaction.maybe<std::int64_t>(statements::confirm, name_, owner_, term_)));
  if (!term) return fail(Reason::write_conflict, "the lease " + name_ + " was overtaken");
  return {};
}

}  // namespace holdfast::events
