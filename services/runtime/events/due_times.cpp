#include "runtime/events/due_times.h"

#include <vector>

#include "runtime/events/due_times.sql.h"

namespace holdfast::events {
namespace {

// Timers that follow each other are set in one statement.
struct Armed {
  std::vector<std::string> kinds;
  std::vector<AgencyId> agencies;
  std::vector<Uuid> subjects;
  std::vector<Instant> instants;

  void defer(sql::Transaction& transaction) {
    if (!kinds.empty()) transaction.defer(statements::arm, kinds, agencies, subjects, instants);
    *this = {};
  }
};

}  // namespace

void DueTimes::set(std::string_view kind, AgencyId agency, Uuid subject, std::optional<Instant> next_due) {
  say({agency, subject, std::string(kind)}, {next_due});
}

void DueTimes::set_if_none(std::string_view kind, AgencyId agency, Uuid subject, Instant next_due) {
  say({agency, subject, std::string(kind)}, {next_due, true});
}

void DueTimes::append(const DueTimes& later) {
  for (const auto& [key, time] : later.times_) say(key, time);
}

void DueTimes::leave(std::string_view kind, AgencyId agency, Uuid subject) {
  times_.erase({agency, subject, std::string(kind)});
}

void DueTimes::say(const Key& key, const Time& time) {
  const auto [said, is_new] = times_.try_emplace(key, time);
  if (is_new || (time.if_none && said->second.next_due)) return;
  said->second = {time.next_due};
}

void DueTimes::write(sql::Transaction& transaction) const {
  Armed armed;
  for (const auto& [key, time] : times_) {
    if (time.next_due && !time.if_none) {
      armed.kinds.push_back(key.kind);
      armed.agencies.push_back(key.agency);
      armed.subjects.push_back(key.subject);
      armed.instants.push_back(*time.next_due);
      continue;
    }
    armed.defer(transaction);
    if (time.next_due) {
      transaction.defer(statements::arm_if_none, key.kind, key.agency, key.subject, *time.next_due);
    } else {
      transaction.defer(statements::disarm, key.kind, key.agency, key.subject);
    }
  }
  armed.defer(transaction);
}

}  // namespace holdfast::events
