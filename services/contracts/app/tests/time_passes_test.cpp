#include "contracts/app/register_timers.h"
#include "contracts/app/tests/book.h"
#include "contracts/domain/events.h"
#include "contracts/domain/tests/plans.h"
#include "runtime/events/rows.h"
#include "runtime/timers/timers.h"

namespace holdfast::contracts {
namespace {

using std::chrono::days;

constexpr sql::Statement whole_outbox{
    "test.outbox",
    "SELECT seq, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers FROM runtime.outbox "
    "ORDER BY seq"};

// What has become of a book of contracts: rows, and what a follower of the events has heard.
struct Ledger {
  std::vector<Contract> contracts;
  std::vector<std::vector<std::pair<std::string, Contract>>> said;  // "<instant> <type>" and the contract then
  std::vector<std::vector<LedgerEntry>> entries;
  std::vector<std::vector<TermRow>> terms;

  bool operator==(const Ledger&) const = default;
};

struct TimePasses : Book {
  TimePasses() { register_timers(timers); }
  void move_to(Instant now) {
    clock.set(now);
    for (;;) {
      const auto fired = timers.fire_due(term_timer);
      ASSERT_TRUE(fired) << describe(fired.error());
      if (*fired == 0) break;
    }
    ASSERT_EQ(timers.failed(), 0);
  }
  void move_to(std::string_view now) { move_to(at(now)); }

  std::vector<events::Queued> outbox_rows() {
    return *database.read(call, [](sql::Transaction& tx) { return tx.many<events::Queued>(whole_outbox); });
  }
  // "2026-07-04T13:00:00Z contract-expiring", of the contract's own events but the first.
  std::vector<std::string> said() {
    std::vector<std::string> lines;
    for (const auto& row : outbox_rows()) {
      lines.push_back(format_instant(row.occurred_at) + " " + row.type.substr(9, row.type.size() - 12));
    }
    return lines;
  }
  template <class Fact>
  std::vector<Fact> facts() {
    std::vector<Fact> facts;
    const auto type = events::type_of(wire::prototype(Fields<Fact>::message));
    for (const auto& row : outbox_rows()) {
      events::Event event;
      event.payload = row.payload.data;
      if (row.type == type) facts.push_back(*events::decode<Fact>(event));
    }
    return facts;
  }
  // Of this agency's contract: every event carries the contract as its first field.
  std::vector<std::pair<std::string, Contract>> heard_of(ContractId id) {
    std::vector<std::pair<std::string, Contract>> heard;
    for (const auto& row : outbox_rows()) {
      events::Event event;
      event.payload = row.payload.data;
      auto contract = events::decode<ContractCreated>(event)->contract;
      if (row.agency == agency && contract.id == id) {
        heard.emplace_back(format_instant(row.occurred_at) + " " + row.type, std::move(contract));
      }
    }
    return heard;
  }
  std::vector<LedgerEntry> entries(ContractId id) { return ask(list_reminders, ListReminders{id, 500})->reminders; }
  std::vector<TermRow> terms(ContractId id) { return ask(list_terms, ListTerms{id, 500})->terms; }
  Contract read(const Contract& contract) { return *ask(get_contract, GetContract{contract.id}); }

  timers::Timers timers{transactor, clock, {}};
};

using Lines = std::vector<std::string>;

TEST_F(TimePasses, AYearOfAContract) {
  const auto contract = created(yearly());
  for (Instant now = clock.now(); now <= at("2027-01-02T00:00:00Z"); now += days{1}) move_to(now);
  EXPECT_EQ(said(),
            (Lines{"2026-01-05T14:00:00Z contract-created", "2026-07-04T13:00:00Z contract-expiring",
                   "2026-08-03T13:00:00Z contract-expiring", "2026-09-02T13:00:00Z contract-expiring",
                   "2026-10-02T13:00:00Z contract-expiring", "2026-10-18T13:00:00Z contract-expiring",
                   "2026-10-25T13:00:00Z contract-expiring", "2026-10-29T13:00:00Z contract-expiring",
                   "2026-10-31T13:00:00Z contract-expiring", "2026-11-01T14:00:00Z contract-expiring",
                   "2026-11-02T05:00:00Z notice-deadline-missed", "2027-01-01T05:00:00Z contract-auto-renewed"}));
  const auto now = read(contract);
  EXPECT_EQ(now.version, 12);
  EXPECT_EQ(now.term_phase, TermPhase::renewed_term);
  EXPECT_EQ(now.current_term->number, 1);
  EXPECT_EQ(terms(contract.id).size(), 2u);
  const auto reminders = facts<ContractExpiring>();
  ASSERT_EQ(reminders.size(), 9u);
  EXPECT_EQ(reminders[0].lead_days, 120);
  EXPECT_EQ(reminders[0].days_left, 120);
  EXPECT_EQ(reminders[0].contract.term_phase, TermPhase::decision_window);
  EXPECT_EQ(reminders[4].escalation, Escalation::manager);
  EXPECT_TRUE(reminders[4].mail && reminders[4].to_manager && !reminders[4].to_sponsor);
  EXPECT_EQ(format_date(facts<NoticeDeadlineMissed>().at(0).bound_until), "2027-12-31");
  EXPECT_EQ(format_date(facts<ContractAutoRenewed>().at(0).ended_on), "2026-12-31");
}

TEST_F(TimePasses, AStandstillMailsTheMostUrgentOnly) {
  created(yearly());
  move_to("2026-10-27T12:00:00Z");
  const auto reminders = facts<ContractExpiring>();
  ASSERT_EQ(reminders.size(), 6u);
  for (size_t index = 0; index < 5; ++index) EXPECT_FALSE(reminders[index].mail);
  EXPECT_TRUE(reminders[5].mail && reminders[5].to_manager && reminders[5].to_sponsor);
  EXPECT_EQ(reminders[5].lead_days, 7);
  EXPECT_EQ(reminders[5].days_left, 5);
}

// However the year is cut, followers, the ledger and the history are the same.
TEST_F(TimePasses, AStandstillLeavesTheSameLedgerAsNone) {
  const Instant from = at("2026-01-05T14:00:00Z");
  const Instant until = from + days{400};
  const auto live = [&](auto move) {
    RandomPlans plans(11);
    agency = AgencyId{new_uuid()};
    call = service_call(agency, "test", std::chrono::seconds(120));
    clock.set(from);
    EXPECT_TRUE(run(keep_account, Account{account, "Acme", AccountStatus::active, Tier::key, owner, 1}));
    Ledger ledger;
    std::vector<ContractId> ids;
    for (int number = 0; number < 40; ++number) {
      auto command = yearly("C-" + std::to_string(number));
      const auto plan = plans.next();
      command.id = ContractId{named_uuid(Uuid{}, command.number)};
      command.plan = {.term_start = plan.start,
                      .term_months = plan.months,
                      .term_end = plan.first_end,
                      .open_ended = plan.open_ended(),
                      .end_of_term_action = plan.action,
                      .roll_interval_months = plan.roll_months,
                      .renewal_term_months = plan.renewal_months,
                      .notice_value = plan.notice.value,
                      .notice_unit = plan.notice.unit,
                      .time_zone = plan.zone.text()};
      ids.push_back(created(command).id);
    }
    move();
    for (const auto id : ids) {
      ledger.contracts.push_back(*ask(get_contract, GetContract{id}));
      ledger.entries.push_back(entries(id));
      // Who is mailed is settled when it is noticed.
      for (auto& entry : ledger.entries.back()) entry.mail = entry.to_manager = entry.to_sponsor = false;
      ledger.terms.push_back(terms(id));
      ledger.said.push_back(heard_of(id));
    }
    return ledger;
  };
  const auto daily = live([&] {
    for (Instant now = from; now <= until; now += days{1}) move_to(now);
  });
  const auto at_once = live([&] { move_to(until); });
  const auto with_standstill = live([&] {
    for (Instant now = from; now <= until; now += days{1}) {
      const auto day = (now - from) / days{1};
      if (day % 50 >= 40) continue;  // ten days of every fifty
      move_to(now);
    }
    move_to(until);
  });
  size_t entries = 0;
  for (const auto& list : daily.entries) entries += list.size();
  EXPECT_GT(entries, 150u);
  EXPECT_EQ(daily, at_once);
  EXPECT_EQ(daily, with_standstill);
}

// Fired by the same statements; one's contract is not there any more, and two have one id.
TEST_F(TimePasses, ContractsThatAreDueTogetherAreAdvancedEach) {
  auto command = yearly();
  command.id = ContractId{new_uuid()};
  const auto contract = created(command);
  const auto gone = created(yearly("C-2"));
  const auto mine = call;
  call = other_agency;
  Book::SetUp();
  command.plan.notice_value = 30;
  const auto others = created(command);
  temporary.run("DELETE FROM contracts WHERE id = '" + to_string(gone.id) + "'");
  clock.set(at("2026-08-03T13:00:00Z"));
  ASSERT_EQ(*timers.fire_due(term_timer), 3u);
  EXPECT_EQ(entries(others.id).size(), 1u);
  call = mine;
  EXPECT_EQ(entries(contract.id).size(), 2u);
  EXPECT_EQ(read(contract).version, 3);
  clock.set(at("2027-06-01T00:00:00Z"));
  EXPECT_EQ(*timers.fire_due(term_timer), 2u);
}

TEST_F(TimePasses, NoticeStopsTheRoll) {
  const auto contract = created(yearly());
  move_to("2026-10-05T12:00:00Z");
  clock.set(at("2026-10-20T12:00:00Z"));  // the manager's reminder is due and not yet fired
  const auto leaving = run(send_notice, SendNotice{contract.id, "portal", "N-77"});
  ASSERT_TRUE(leaving) << describe(leaving.error());
  EXPECT_EQ(leaving->state, Lifecycle::pending_terminate);
  EXPECT_EQ(format_date(*leaving->last_day), "2026-12-31");
  EXPECT_EQ(leaving->sent_notice->reference, "N-77");
  const auto acknowledged = run(acknowledge_notice, AcknowledgeNotice{contract.id, "A-1"});
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(acknowledged->decision, Decision::notice_acknowledged);
  EXPECT_TRUE(ask(list_deadlines, ListDeadlines{})->deadlines.empty());
  move_to("2027-06-01T00:00:00Z");
  const auto lines = said();
  EXPECT_EQ(Lines(lines.begin() + 5, lines.end()),
            (Lines{"2026-10-18T13:00:00Z contract-expiring", "2026-10-20T12:00:00Z notice-sent",
                   "2026-10-20T12:00:00Z notice-acknowledged", "2027-01-01T05:00:00Z contract-terminated"}));
  EXPECT_EQ(read(contract).state, Lifecycle::terminated);
  EXPECT_EQ(terms(contract.id).size(), 1u);
  EXPECT_EQ(run(send_notice, SendNotice{contract.id}).error().reason, Reason::illegal_transition);
}

TEST_F(TimePasses, StayingSnoozingTerminating) {
  const auto contract = created(yearly());
  const auto other = created(yearly("C-2"));
  move_to("2026-09-20T12:00:00Z");
  const auto snoozed = run(snooze_reminders, SnoozeReminders{contract.id, date("2026-10-10")});
  ASSERT_TRUE(snoozed) << describe(snoozed.error());
  const auto stays = run(decide_to_stay, DecideToStay{other.id});
  ASSERT_TRUE(stays) << describe(stays.error());
  move_to("2026-10-12T12:00:00Z");
  EXPECT_EQ(entries(contract.id).back().lead_days, 22);
  EXPECT_EQ(entries(contract.id).back().effective_at, at("2026-10-10T13:00:00Z"));
  EXPECT_EQ(entries(contract.id).size(), 5u);  // 120, 90, 60; 30 waited for the snooze's own
  EXPECT_EQ(entries(other.id).size(), 3u);
  const auto gone = run(terminate_contract, TerminateContract{contract.id, date("2026-09-30"), "moved"});
  ASSERT_TRUE(gone) << describe(gone.error());
  EXPECT_EQ(gone->state, Lifecycle::terminated);
  EXPECT_EQ(gone->end_reason, "moved");
  EXPECT_EQ(said().back(), "2026-10-01T04:00:00Z contract-terminated");
  EXPECT_EQ(entries(contract.id).back().kind, FactKind::terminated);
  const auto waiting = [&] {
    auto command = yearly("C-3");
    command.plan.term_start.reset();
    return created(command);
  }();
  EXPECT_EQ(run(terminate_contract, TerminateContract{waiting.id})->state, Lifecycle::rejected);
}

TEST_F(TimePasses, AStaleCallerIsRefused) {
  const auto contract = created(yearly());
  move_to("2026-07-05T00:00:00Z");
  EXPECT_EQ(run(send_notice, SendNotice{contract.id, "", "", "1"}).error().reason, Reason::etag_stale);
  EXPECT_TRUE(run(send_notice, SendNotice{contract.id, "", "", "2"}));
  EXPECT_EQ(run_as(other_agency, send_notice, SendNotice{contract.id}).error().reason, Reason::contract_not_found);
  EXPECT_EQ(ask_as(other_agency, list_reminders, ListReminders{contract.id}).error().reason,
            Reason::contract_not_found);
  EXPECT_EQ(ask_as(other_agency, list_terms, ListTerms{contract.id}).error().reason, Reason::contract_not_found);
}

TEST_F(TimePasses, AnotherNoticePeriodRemindsOfTheNewDeadline) {
  const auto contract = created(yearly());
  move_to("2026-09-10T12:00:00Z");  // 120, 90 and 60 days before the first of November
  AmendContract command{.id = contract.id, .plan = read(contract).plan, .reason = "the paper says thirty"};
  command.plan->notice_value = 30;
  const auto amended = run(amend_contract, command);
  ASSERT_TRUE(amended) << describe(amended.error());
  EXPECT_EQ(format_date(*amended->current_term->notice_deadline), "2026-12-01");
  move_to("2026-10-03T00:00:00Z");
  const auto list = entries(contract.id);
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[2].lead_days, 60);
  EXPECT_EQ(list[2].replaced_in, amended->version);
  EXPECT_EQ(list[3].lead_days, 60);
  EXPECT_EQ(list[3].replaced_in, 0);
  EXPECT_EQ(format_instant(list[3].effective_at), "2026-10-02T13:00:00Z");
  const auto amendments = facts<ContractAmended>();
  ASSERT_EQ(amendments.size(), 1u);
  EXPECT_EQ(amendments[0].change, Change::plan);
  EXPECT_EQ(amendments[0].before.plan.notice_value, 60);
  EXPECT_EQ(amendments[0].reason, "the paper says thirty");
}

TEST_F(TimePasses, ARenewalOnNewTermsKeepsTheHistory) {
  auto old = yearly();
  old.plan.term_start = date("2024-01-01");
  const auto contract = created(old);  // terms 0, 1, and since 2026-01-01 number 2
  move_to("2026-06-01T12:00:00Z");
  AmendContract command{.id = contract.id, .plan = contract.plan};
  command.plan->term_start = date("2026-07-01");
  command.plan->term_months = 36;
  const auto renewed = run(amend_contract, command);  // ahead of its first day
  ASSERT_TRUE(renewed) << describe(renewed.error());
  EXPECT_EQ(renewed->state, Lifecycle::active);
  EXPECT_EQ(renewed->current_term->number, 3);
  EXPECT_EQ(format_date(*renewed->current_term->end), "2029-06-30");
  const auto list = terms(contract.id);
  ASSERT_EQ(list.size(), 5u);
  for (size_t index = 0; index < 3; ++index) EXPECT_EQ(*list[index].end + days{1}, list[index + 1].start);
  EXPECT_EQ(format_date(*list[2].end), "2026-06-30");
  EXPECT_EQ(list[4].number, 2);
  EXPECT_EQ(list[4].replaced_in, renewed->version);
  EXPECT_EQ(format_date(*list[4].end), "2026-12-31");
  command.plan->term_start = date("2029-07-02");
  EXPECT_EQ(run(amend_contract, command).error().reason, Reason::field_out_of_range);
}

TEST_F(TimePasses, ACorrectionReplacesTheTermsAndKeepsTheDecision) {
  const auto contract = created(yearly());
  move_to("2026-06-01T12:00:00Z");
  ASSERT_TRUE(run(terminate_contract, TerminateContract{contract.id, date("2026-08-31")}));
  AmendContract command{.id = contract.id, .mrc = Money{1, "USD"}, .plan = contract.plan};
  command.plan->term_start = date("2025-11-15");
  const auto corrected = run(amend_contract, command);
  ASSERT_TRUE(corrected) << describe(corrected.error());
  EXPECT_EQ(corrected->state, Lifecycle::pending_terminate);
  EXPECT_EQ(format_date(*corrected->last_day), "2026-08-31");
  EXPECT_EQ(corrected->current_term->number, 0);
  EXPECT_EQ(corrected->mrc->minor, 1);
  const auto list = terms(contract.id);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(format_date(list[0].start), "2025-11-15");
  EXPECT_EQ(list[1].replaced_in, corrected->version);
  move_to("2026-12-01T00:00:00Z");
  EXPECT_EQ(said().back(), "2026-09-01T04:00:00Z contract-terminated");
  EXPECT_EQ(run(amend_contract, command).error().reason, Reason::illegal_transition);
}

TEST_F(TimePasses, AContractInProcessBeginsByAnAmendment) {
  auto waiting = yearly();
  waiting.plan.term_start.reset();
  const auto contract = created(waiting);
  AmendContract command{.id = contract.id, .plan = contract.plan};
  command.plan->term_start = date("2026-02-01");
  EXPECT_EQ(run(amend_contract, command)->state, Lifecycle::approved);
  move_to("2026-02-02T00:00:00Z");
  EXPECT_EQ(said(), (Lines{"2026-01-05T14:00:00Z contract-created", "2026-01-05T14:00:00Z contract-amended",
                           "2026-02-01T05:00:00Z contract-activated"}));
  EXPECT_EQ(read(contract).state, Lifecycle::active);
}

TEST_F(TimePasses, AccountsThatBecomeKeyAreRemindedEarlier) {
  const auto contract = created(yearly());
  ASSERT_TRUE(run(keep_account, Account{account, "Acme", AccountStatus::active, Tier::key, owner, 2}));
  EXPECT_TRUE(read(contract).early_lead);
  move_to("2026-05-06T00:00:00Z");
  EXPECT_EQ(said().back(), "2026-05-05T13:00:00Z contract-expiring");
  ASSERT_TRUE(run(keep_account, Account{account, "Acme", AccountStatus::active, Tier::standard, owner, 3}));
  EXPECT_FALSE(read(contract).early_lead);
  EXPECT_EQ(facts<ContractAmended>().size(), 2u);
}

// The 180 days were over before it became key: nobody is told of them now, and not with the next reminder either.
TEST_F(TimePasses, WhatWasDueBeforeAnAccountBecameKeyIsNotSaidLater) {
  const auto contract = created(yearly());
  move_to("2026-06-01T12:00:00Z");
  ASSERT_TRUE(run(keep_account, Account{account, "Acme", AccountStatus::active, Tier::key, owner, 2}));
  EXPECT_EQ(due_next(read(contract)), at("2026-07-04T13:00:00Z"));
  move_to("2026-07-05T00:00:00Z");
  EXPECT_EQ(said(), (Lines{"2026-01-05T14:00:00Z contract-created", "2026-06-01T12:00:00Z contract-amended",
                           "2026-07-04T13:00:00Z contract-expiring"}));
}

}  // namespace
}  // namespace holdfast::contracts
