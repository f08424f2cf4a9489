#include "runtime/operations/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <thread>

#include "runtime/operations/agencies.h"
#include "runtime/operations/invariants.sql.h"
#include "runtime/sql/database.h"
#include "runtime/timers/timers.h"

namespace holdfast::operations {

struct Finding {
  std::string what;
  std::int64_t looked_at = 0;
  std::int64_t wrong = 0;
  std::optional<std::string> example;
};

}  // namespace holdfast::operations

template <>
struct holdfast::Fields<holdfast::operations::Finding> {
  using T = operations::Finding;
  static constexpr auto list = FieldList{Field{"what", &T::what}, Field{"looked_at", &T::looked_at},
                                         Field{"wrong", &T::wrong}, Field{"example", &T::example}};
};

namespace holdfast::operations {
namespace {

using Look = std::function<Result<Finding>()>;

// Later than this by its own clock, a timer is not just about to fire.
constexpr double timely_seconds = 60;

// "one-running-term" of "contracts.invariants.one_running_term".
std::string name_of(const sql::Statement& statement) {
  const std::string_view full = statement.name;
  std::string name(full.substr(full.rfind('.') + 1));
  std::ranges::replace(name, '_', '-');
  return name;
}

void add(Finding& all, Finding slice) {
  all.what = std::move(slice.what);
  all.looked_at += slice.looked_at;
  all.wrong += slice.wrong;
  if (!all.example) all.example = std::move(slice.example);
}

Result<Finding> look_as(sql::Database& database, const Call& call, const sql::Statement& statement,
                        const sql::Agencies& agencies) {
  return database.read(call, [&](sql::Transaction& transaction) {
    transaction.set_agencies(agencies);
    return transaction.one<Finding>(statement);
  });
}

Result<Finding> look_at_all_agencies(sql::Database& database, const Call& call, const sql::Statement& statement) {
  Finding all = TRY(look_as(database, call, statement, {}));
  AgencyId place;
  while (true) {
    const auto slice = TRY(agencies_behind(database, call, place));
    if (slice.empty()) return all;
    auto finding = TRY(look_as(database, call, statement, slice));
    add(all, std::move(finding));
    place = slice.back();
  }
}

// Subjects that fail count as wrong: they are tried again for ever, and only somebody who looks can help them.
Result<Finding> look_at_timers(timers::Timers& timers) {
  Finding finding{.what = "kinds of timers"};
  const auto kinds = TRY(timers.backlog());
  for (const auto& kind : kinds) {
    ++finding.looked_at;
    if (kind.late_seconds <= timely_seconds && kind.failing == 0) continue;
    ++finding.wrong;
    finding.example = fmt::format("{}: {} due, the oldest for {:.0f} s, {} failing", kind.kind, kind.due,
                                  kind.late_seconds, kind.failing);
  }
  return finding;
}

Result<Verdict> judge(std::string name, const Look& look, const Call& call, Looks looks) {
  auto finding = TRY(look());
  while (finding.wrong > 0 && --looks.looks > 0 && !call.stop.stop_requested()) {
    std::this_thread::sleep_for(looks.pause);
    finding = TRY(look());
  }
  auto detail = fmt::format("{} {}", finding.looked_at, finding.what);
  if (finding.wrong > 0) detail += fmt::format("; {} wrong", finding.wrong);
  // An example may be anybody's: it is for the installation itself, which has no agency.
  if (finding.wrong > 0 && finding.example && call.who.agency.is_nil()) detail += ", such as " + *finding.example;
  return Verdict{std::move(name), finding.wrong == 0, std::move(detail)};
}

}  // namespace

Result<std::vector<Verdict>> verify(const Subject& subject, const Call& call, Looks looks) {
  std::vector<std::pair<std::string, Look>> all;
  for (const auto* statement : statements::all_of_invariants) {
    all.emplace_back(name_of(*statement), [&, statement] { return look_as(subject.database, call, *statement, {}); });
  }
  for (auto* timers : {subject.business_timers, subject.system_timers}) {
    if (timers == nullptr) continue;
    const auto* name = timers == subject.business_timers ? "business-timers-fired" : "system-timers-fired";
    all.emplace_back(name, [timers] { return look_at_timers(*timers); });
  }
  std::vector<Verdict> verdicts;
  for (const auto& [name, look] : all) {
    auto verdict = TRY(judge(name, look, call, looks));
    verdicts.push_back(std::move(verdict));
  }
  for (const auto* invariant : subject.invariants) {
    auto verdict = TRY(check(subject.database, call, *invariant, looks));
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

Result<Verdict> check(sql::Database& database, const Call& call, const sql::Statement& invariant, Looks looks) {
  return judge(
      name_of(invariant), [&] { return look_at_all_agencies(database, call, invariant); }, call, looks);
}

}  // namespace holdfast::operations
