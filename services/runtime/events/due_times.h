#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/uuid.h"
#include "runtime/sql/transaction.h"

namespace holdfast::events {

// What a unit of work says of timers (timers::Timers gives the rows their meaning): when subjects are due next.
//
// It is written at the end, in the order of the rows' keys. So nobody waits for another's rows while he holds a timer,
// and no two wait for each other's timers, however many events, verbs or firings share the transaction.
class DueTimes {
 public:
  // The last word on a timer counts. Nothing: it is due no more.
  void set(std::string_view kind, AgencyId agency, Uuid subject, std::optional<Instant> next_due);
  // Where no timer is set: one that is stays as it is, and whoever holds it is not waited for.
  void set_if_none(std::string_view kind, AgencyId agency, Uuid subject, Instant next_due);
  // All that another part of the transaction has said, after what was said here.
  void append(const DueTimes& later);
  // Nothing was said of this one: whoever holds its row writes it.
  void leave(std::string_view kind, AgencyId agency, Uuid subject);

  // Queues it to travel with the commit.
  void write(sql::Transaction& transaction) const;

 private:
  // In the order of the rows' primary key.
  struct Key {
    AgencyId agency;
    Uuid subject;
    std::string kind;
    auto operator<=>(const Key&) const = default;
  };
  struct Time {
    std::optional<Instant> next_due;
    bool if_none = false;
  };

  void say(const Key& key, const Time& time);

  std::map<Key, Time> times_;
};

}  // namespace holdfast::events
