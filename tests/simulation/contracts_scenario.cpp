// 36 months of contracts: contracts' own verbs and timers, two processes, outages of up to two days. What was said of
// each contract, and when, is compared with the oracle's duties.

#include <algorithm>
#include <chrono>
#include <map>

#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/app/register_timers.h"
#include "runtime/core/clock.h"
#include "runtime/sql/database.h"
#include "scenario.h"
#include "term_oracle.h"

namespace holdfast::simulation {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr int agencies = 20, number_of_contracts = 1'000, entered_together = 50;
constexpr Nanoseconds hour = 3600 * second, day = 24 * hour;
// PostgreSQL counts from 2000-01-01.
constexpr std::int64_t postgres_day = 10'957, postgres_us = postgres_day * 86'400 * 1'000'000;
// A look every hour, and what the clock of a firing may add; outside of troubles.
constexpr Nanoseconds longest_delay = 2 * hour;

constexpr sql::Statement insert_effect{"simulation.insert_effect",
                                       "INSERT INTO effects VALUES ($1::text, $2::uuid, $3::bigint)"};

struct Service {
  sql::Database database{{.url = "simulated", .pool_size = 4, .constraints = {}}};
  SystemClock clock;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  timers::Timers timers{transactor, clock, {.poll = hours(1), .patience = seconds(30)}};
};

struct Known {
  AgencyId agency;
  contracts::ContractId id;
  oracle::Paper paper;
};

oracle::Paper any_paper(Random& random, oracle::Day today) {
  oracle::Paper paper;
  paper.start = today + random.between(-1000, 300);
  paper.months = static_cast<int>(random.once_in(3) ? random.between(1, 4) : 12 * random.between(1, 3));
  paper.at_end = static_cast<oracle::Paper::AtEnd>(random.between(0, 2));
  if (paper.at_end == oracle::Paper::AtEnd::disconnect) paper.start = today + random.between(-200, 300);
  const bool is_roll = paper.at_end == oracle::Paper::AtEnd::roll;
  paper.step_months = static_cast<int>(is_roll ? random.between(1, 4) : random.between(6, 24));
  paper.notice_in_months = random.once_in(3);
  paper.notice = static_cast<int>(paper.notice_in_months ? random.between(0, 3) : random.between(0, 120));
  paper.zone = static_cast<int>(random.between(0, std::ssize(oracle::zones) - 1));
  paper.key_account = random.once_in(4);
  return paper;
}

contracts::CreateContract command_of(const Known& known) {
  const auto& paper = known.paper;
  const bool is_roll = paper.at_end == oracle::Paper::AtEnd::roll;
  contracts::WrittenPlan plan{.term_start = Date{std::chrono::days{paper.start}},
                              .term_months = paper.months,
                              .end_of_term_action = static_cast<contracts::EndOfTermAction>(paper.at_end),
                              .notice_value = paper.notice,
                              .notice_unit = paper.notice_in_months ? contracts::NoticeUnit::calendar_months
                                                                    : contracts::NoticeUnit::calendar_days,
                              .time_zone = oracle::zones[paper.zone].name};
  (is_roll ? plan.roll_interval_months : plan.renewal_term_months) = paper.step_months;
  return {.id = known.id,
          .account_id = contracts::AccountId{known.id.uuid},  // one account each, so that its stream is the contract's
          .carrier_name = "Simulated Telephone",
          .plan = plan};
}

class ContractsScenario final : public Scenario {
 public:
  ContractsScenario(std::uint64_t seed, bool traced)
      : Scenario(seed, traced,
                 {.processes = 2,
                  .troubled = 1096 * day,
                  .quiet = day,
                  .peaceful = 10 * day,
                  .longest_trouble = 2 * day,
                  .least_between = 6 * hour,
                  .most_between = 5 * day}) {
    std::vector<AgencyId> all;
    for (int number = 0; number < agencies; ++number) all.push_back(AgencyId{new_uuid()});
    for (int number = 0; number < number_of_contracts; ++number) {
      contracts_.push_back({all[static_cast<size_t>(number / entered_together)], contracts::ContractId{new_uuid()},
                            any_paper(world_.random, world_.now / day)});
    }
  }

 private:
  void live(Process process) override {
    auto* service = new Service;
    if (process == 1 && entered_at_ == 0) enter_all(*service);
    contracts::register_timers(service->timers);
    service->timers.start();
    while (is_troubled()) {
      world_.let_pass(world_.random.between(1, 96) * hour);
      if (is_troubled()) decide(*service);
    }
  }

  // Before the first trouble.
  void enter_all(Service& service) {
    entered_at_ = world_.now;
    const Instant now{std::chrono::microseconds{entered_at_ / microsecond}};
    for (size_t first = 0; first < contracts_.size(); first += entered_together) {
      const auto call = service_call(contracts_[first].agency, "simulation", seconds(30));
      const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
        for (size_t index = first; index < first + entered_together; ++index) {
          const auto& known = contracts_[index];
          const contracts::Standing standing{.account_status = contracts::AccountStatus::active,
                                             .early_lead = known.paper.key_account};
          contracts::enter_contract(unit, TRY(contracts::create(command_of(known), standing, now)));
        }
        return {};
      });
      if (!done) faults_.push_back("contracts could not be entered: " + describe(done.error()));
    }
  }

  // To stay, mostly; also where the carrier was given notice already, which is refused.
  void decide(Service& service) {
    auto& random = world_.random;
    const auto& known = contracts_[static_cast<size_t>(random.between(0, std::ssize(contracts_) - 1))];
    const bool leaves = random.once_in(8);
    const auto call = service_call(known.agency, "simulation", seconds(30));
    static_cast<void>(service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      const auto contract = TRY(leaves ? contracts::send_notice(unit, {.id = known.id, .method = "portal"})
                                       : contracts::decide_to_stay(unit, {.id = known.id}));
      const auto at = unit.now.time_since_epoch().count();
      const std::string cause =
          (leaves ? "notice in term " : "stay in term ") + std::to_string(contract.current_term->number);
      CHECK_OK(unit.transaction.exec(insert_effect, cause, known.id, at));
      return {};
    }));
  }

  bool is_drained() const override { return true; }

  void judge(Outcome& outcome) const override;
  void compare(const Known& known, const std::vector<EntryRow>& said, Outcome& outcome) const;
  std::vector<oracle::Decision> decisions_of(const std::string& contract) const;
  Nanoseconds calm_between(Nanoseconds from, Nanoseconds until) const;

  Nanoseconds entered_at_ = 0;
  std::vector<Known> contracts_;
  std::vector<std::string> faults_;
};

std::vector<oracle::Decision> ContractsScenario::decisions_of(const std::string& contract) const {
  std::vector<oracle::Decision> decisions;
  for (const auto& [number, row] : postgres_.store.tables.effects) {
    if (row.subject != contract) continue;
    decisions.push_back({row.number, row.committed_at / microsecond, std::stoi(row.cause.substr(row.cause.rfind(' '))),
                         row.cause.starts_with("notice")});
  }
  return decisions;
}

// Without the times in which something was broken.
Nanoseconds ContractsScenario::calm_between(Nanoseconds from, Nanoseconds until) const {
  Nanoseconds calm = 0;
  for (const auto& trouble : troubles_) {
    if (trouble.until <= from) continue;
    if (trouble.from >= until) break;
    calm += std::max<Nanoseconds>(0, trouble.from - from);
    from = trouble.until;
  }
  return calm + std::max<Nanoseconds>(0, until - from);
}

void ContractsScenario::compare(const Known& known, const std::vector<EntryRow>& said, Outcome& outcome) const {
  std::map<oracle::Saying, std::vector<Nanoseconds>> heard;
  for (const auto& row : said) {
    heard[{row.kind, row.term_end + postgres_day, static_cast<int>(row.lead_days),
           (row.effective_at + postgres_us) / 1'000'000}]
        .push_back(row.committed_at);
  }
  const auto fault = [&](const std::string& what, const oracle::Saying& saying) {
    if (outcome.faults.size() >= 20) return;
    outcome.faults.push_back(what + ": " + saying.kind + " " + std::to_string(saying.lead_days) + " of contract " +
                             to_string(known.id) + " at second " + std::to_string(saying.at) + ", term until day " +
                             std::to_string(saying.term_end));
  };
  const auto must_until = end_of_troubles_, may_until = world_.now;
  for (const auto& [saying, optional] :
       oracle::duties_of(known.paper, decisions_of(stored(known.id.uuid)), entered_at_ / second, may_until / second)) {
    const auto found = heard.extract(saying);
    const auto at = saying.at * second;
    if (found.empty()) {
      if (!optional && at <= must_until) fault("missing", saying);
      continue;
    }
    if (found.mapped().size() > 1) fault("twice", saying);
    if (found.mapped().front() < at) fault("early", saying);
    if (calm_between(at, found.mapped().front()) > longest_delay) fault("late, without an outage", saying);
  }
  for (const auto& [saying, times] : heard) fault("not due", saying);
}

void ContractsScenario::judge(Outcome& outcome) const {
  outcome.faults = faults_;
  std::map<std::string, std::vector<EntryRow>> said;
  std::map<std::string, std::int64_t> published;
  for (const auto& [number, row] : postgres_.store.tables.ledger) said[row.contract].push_back(row);
  for (const auto& row : postgres_.store.all_committed) ++published[row.key];
  std::map<std::string, std::int64_t> decided;
  for (const auto& [number, row] : postgres_.store.tables.effects) ++decided[row.subject];
  for (const auto& known : contracts_) {
    const auto id = stored(known.id.uuid);
    compare(known, said[id], outcome);
    // One event of its creation, each decision and each thing that was said.
    const auto key = to_string(known.agency) + "/" + to_string(known.id);
    const auto events = 1 + decided[id] + std::ssize(said[id]);
    if (published[key] == events) continue;
    outcome.faults.push_back("silent: of " + std::to_string(events) + " events there are " +
                             std::to_string(published[key]));
  }
  outcome.committed = std::ssize(contracts_);
  outcome.effects = std::ssize(postgres_.store.tables.ledger);
}

}  // namespace

std::unique_ptr<Scenario> make_contracts_scenario(std::uint64_t seed, bool traced) {
  return std::make_unique<ContractsScenario>(seed, traced);
}

}  // namespace holdfast::simulation
