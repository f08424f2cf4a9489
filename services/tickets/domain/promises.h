#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickets/domain/sla_clock.h"
#include "tickets/domain/sla_policy.h"
#include "tickets/domain/ticket.h"

// What the agency has promised about a ticket, as clocks on the calendar of its place (R60 to R63), and how the
// ticket's own life drives them: taken by somebody, it is acknowledged; resolved, it is restored; pending or held, the
// clocks stand still if the reason allows it.
namespace holdfast::tickets {

enum class PromiseName { acknowledge, restore };

// Both kept as they were when the promise was made: a policy that changes later changes new promises only.
struct Promise {
  PromiseName name{};
  std::int32_t number = 0;  // 0, and one more each time a reopened ticket has to be restored again
  SlaHours hours{};
  std::string time_zone;
  std::int64_t target_minutes = 0;
  Instant started_at;
  bool warned = false;
  bool breached = false;
  std::optional<Instant> stopped_at;
  bool cancelled = false;

  bool operator==(const Promise&) const = default;
};

struct Pause {
  Instant started_at;
  std::optional<Instant> ended_at;
  PauseReason reason{};

  bool operator==(const Pause&) const = default;
};

struct Promises {
  std::vector<Promise> clocks;
  std::vector<Pause> pauses;  // of the ticket, in order; every clock heeds those since its start
};

struct PromiseFact {
  PromiseName name{};
  SlaFactKind kind{};
  Instant effective;
  Duration remaining{};
  std::optional<Instant> due_at;  // nothing while the clock stands still
};

struct PromisesAdvanced {
  Promises promises;
  std::vector<PromiseFact> facts;  // in due order
  std::optional<Instant> next_due;
};

// How a promise stands at some instant, for whoever asks.
struct PromiseStanding {
  PromiseName name{};
  std::int32_t number = 0;
  SlaState state{};
  SlaHours hours{};
  std::string time_zone;
  std::int64_t target_minutes = 0;
  Instant started_at;
  std::optional<Instant> warns_at;  // nothing while a pause stands before it
  std::optional<Instant> due_at;
  std::int64_t elapsed_seconds = 0;
  std::int64_t remaining_seconds = 0;  // negative once it is broken
  std::optional<Instant> stopped_at;
};

struct ListPromises {
  TicketId ticket_id;
};

struct PromiseList {
  std::vector<PromiseStanding> promises;
};

// An unknown zone is refused (TIME_ZONE_UNKNOWN).
Result<Promises> make_promises(const Ticket& ticket, Lane lane, const std::string& time_zone);
// Everything that falls due up to and including `until`.
Result<PromisesAdvanced> advance(const Promises& promises, Instant until);
// What a change of the ticket at `now`, or at their last change if that was later, does to its promises, after
// advancing them to it.
Result<PromisesAdvanced> follow(const Promises& promises, const Ticket& before, const Ticket& after, Instant now);

// As of `now`, though what fell due by then may not have been said yet.
Result<std::vector<PromiseStanding>> standings(const Promises& promises, Instant now);

struct SlaWarning {
  Ticket ticket;
  PromiseName promise{};
  std::int64_t remaining_seconds = 0;
  std::optional<Instant> due_at;
};
struct SlaBreached {
  Ticket ticket;
  PromiseName promise{};
  std::int64_t remaining_seconds = 0;
};
struct SlaMet {
  Ticket ticket;
  PromiseName promise{};
  std::int64_t remaining_seconds = 0;
};

}  // namespace holdfast::tickets

namespace holdfast {

template <>
inline constexpr auto enum_names<tickets::PromiseName> = std::to_array<std::string_view>({"acknowledge", "restore"});
template <>
inline constexpr auto enum_names<tickets::SlaHours> = std::to_array<std::string_view>({"aroundTheClock", "service"});

template <>
inline constexpr auto enum_names<tickets::SlaState> = std::to_array<std::string_view>({"running", "paused", "warned",
                                                                                       "breached", "met", "cancelled"});

template <>
struct Fields<tickets::Promise> {
  using T = tickets::Promise;
  static constexpr auto list = FieldList{Field{"name", &T::name},
                                         Field{"number", &T::number},
                                         Field{"hours", &T::hours},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"target_minutes", &T::target_minutes},
                                         Field{"started_at", &T::started_at},
                                         Field{"warned", &T::warned},
                                         Field{"breached", &T::breached},
                                         Field{"stopped_at", &T::stopped_at},
                                         Field{"cancelled", &T::cancelled}};
};

template <>
struct Fields<tickets::Pause> {
  using T = tickets::Pause;
  static constexpr auto list =
      FieldList{Field{"started_at", &T::started_at}, Field{"ended_at", &T::ended_at}, Field{"reason", &T::reason}};
};

template <>
struct Fields<tickets::PromiseStanding> {
  using T = tickets::PromiseStanding;
  static constexpr auto list = FieldList{Field{"name", &T::name},
                                         Field{"number", &T::number},
                                         Field{"state", &T::state},
                                         Field{"hours", &T::hours},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"target_minutes", &T::target_minutes},
                                         Field{"started_at", &T::started_at},
                                         Field{"warns_at", &T::warns_at},
                                         Field{"due_at", &T::due_at},
                                         Field{"elapsed_seconds", &T::elapsed_seconds},
                                         Field{"remaining_seconds", &T::remaining_seconds},
                                         Field{"stopped_at", &T::stopped_at}};
};

template <>
struct Fields<tickets::ListPromises> {
  static constexpr auto list = FieldList{Field{"ticket_id", &tickets::ListPromises::ticket_id}};
};

template <>
struct Fields<tickets::PromiseList> {
  static constexpr auto list = FieldList{Field{"promises", &tickets::PromiseList::promises}};
};

template <>
struct Fields<tickets::SlaWarning> {
  using T = tickets::SlaWarning;
  static constexpr std::string_view message = "holdfast.tickets.v1.SlaWarning";
  static constexpr auto list =
      FieldList{Field{"ticket", &T::ticket}, Field{"promise", &T::promise},
                Field{"remaining_seconds", &T::remaining_seconds}, Field{"due_at", &T::due_at}};
};
template <>
struct Fields<tickets::SlaBreached> {
  using T = tickets::SlaBreached;
  static constexpr std::string_view message = "holdfast.tickets.v1.SlaBreached";
  static constexpr auto list = FieldList{Field{"ticket", &T::ticket}, Field{"promise", &T::promise},
                                         Field{"remaining_seconds", &T::remaining_seconds}};
};
template <>
struct Fields<tickets::SlaMet> {
  using T = tickets::SlaMet;
  static constexpr std::string_view message = "holdfast.tickets.v1.SlaMet";
  static constexpr auto list = FieldList{Field{"ticket", &T::ticket}, Field{"promise", &T::promise},
                                         Field{"remaining_seconds", &T::remaining_seconds}};
};

}  // namespace holdfast
