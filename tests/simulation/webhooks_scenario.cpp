// Events become deliveries for three targets, of which two have their moods; each process has a dispatcher.

#include <algorithm>
#include <chrono>
#include <set>

#include "http.h"
#include "notifications/domain/webhook_signature.h"
#include "notifications/sending/dispatcher.h"
#include "notifications/store/subscriptions.sql.h"
#include "runtime/core/clock.h"
#include "runtime/events/cloud_event.h"
#include "runtime/secrets/key_ring.h"
#include "runtime/sql/database.h"
#include "scenario.h"
#include "webhook_checks.h"

namespace holdfast::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr int processes = 2, targets = 3, accounts = 2;
constexpr Nanoseconds minute = 60 * second, hour = 60 * minute;
// A look every five minutes, and a lease that somebody left behind.
constexpr Nanoseconds felt = 5 * minute + 100 * second;
// Long after a target was gone, nobody is on his way to it any more.
constexpr Nanoseconds last_on_the_way = 20 * second;

enum class Mood { well, failing, busy, slow, hanging, refusing, gone, changing };
constexpr Mood moods[] = {Mood::failing, Mood::busy,     Mood::slow, Mood::hanging,
                          Mood::hanging, Mood::refusing, Mood::gone, Mood::changing};

struct Target {
  notifications::SubscriptionId id;
  std::string url;
  std::vector<std::pair<Nanoseconds, Mood>> moods;  // each until then; well at last
  Nanoseconds gone_at = 0;

  Mood mood(Nanoseconds now) const {
    const auto found = std::ranges::find_if(moods, [now](const auto& one) { return now < one.first; });
    return found == moods.end() ? Mood::well : found->second;
  }
};

const secrets::KeyRing& keys() {
  static const auto ring = *secrets::KeyRing::from_text("simulated AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  return ring;
}

struct Service {
  sql::Database database{{.url = "simulated", .pool_size = 6, .constraints = {}}};
  SystemClock clock;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  timers::Timers timers{transactor, clock, {.poll = minutes(5), .patience = seconds(30)}};
  notifications::Webhooks webhooks{clock, keys(), {}, [this] { timers.wake(); }};
  notifications::Dispatcher dispatcher{transactor, webhooks, timers, {.sending = {}, .workers = 3, .per_target = 2}};
};

class WebhooksScenario final : public Scenario {
 public:
  WebhooksScenario(std::uint64_t seed, bool traced)
      : Scenario(seed, traced,
                 {.processes = processes,
                  .troubled = 40 * minute,
                  .quiet = 10 * minute,
                  .peaceful = 130 * hour,
                  .longest_trouble = 3 * minute,
                  .least_between = 2 * minute,
                  .most_between = 15 * minute}) {
    for (int number = 0; number < accounts; ++number) accounts_.push_back(to_string(new_uuid()));
    for (int number = 0; number < targets; ++number) targets_.push_back(any_target(number));
    http_.listen([this](const Exchange& exchange) { return react(exchange); });
  }

 private:
  void live(Process process) override {
    auto* service = new Service;
    if (process == 1 && !is_entered_) enter_subscriptions(*service);
    service->timers.start();
    for (;;) {
      world_.let_pass(world_.random.between(30, 1200) * second);
      bring_back(*service);
      if (is_troubled()) command(*service);
    }
  }

  // The first is well all the time. Now and then one fails for longer than anybody tries.
  Target any_target(int number) {
    auto& random = world_.random;
    Target target{notifications::SubscriptionId{new_uuid()},
                  "https://target" + std::to_string(number) + ".example.com:443/hooks",
                  {}};
    if (number == 1 && random.once_in(16)) target.moods.emplace_back(world_.now + 80 * hour, Mood::failing);
    auto until = world_.now;
    while (number > 0 && until < world_.now + plan_.troubled) {
      const auto mood = random.once_in(3) ? Mood::well : moods[random.between(0, std::ssize(moods) - 1)];
      until += random.between(10, mood == Mood::gone ? 120 : 1200) * second;
      target.moods.emplace_back(until, mood);
    }
    return target;
  }

  const std::string& state_of(const Target& target) const {
    static const std::string none;
    const auto& rows = postgres_.store.tables.subscriptions;
    const auto found = rows.find(stored(target.id.uuid));
    return found == rows.end() ? none : *found->second[5];
  }

  bool is_calm(Nanoseconds from, Nanoseconds until) const {
    return std::ranges::none_of(
        troubles_, [&](const Trouble& trouble) { return trouble.from <= until && trouble.until + felt >= from; });
  }

  bool is_drained() const override {
    return std::ranges::all_of(postgres_.store.tables.deliveries,
                               [](const auto& entry) { return entry.second.ended_at.has_value(); });
  }

  void enter_subscriptions(Service& service);
  void command(Service& service);
  void bring_back(Service& service);
  Reaction react(const Exchange& exchange);
  Reaction reaction_in(Mood mood);
  void check_turn(const Exchange& exchange, const Target& target);
  void judge(Outcome& outcome) const override;

  Http http_{world_};
  const AgencyId agency_{new_uuid()};
  std::vector<std::string> accounts_;
  std::vector<Target> targets_;
  bool is_entered_ = false;
  std::set<std::string> acknowledged_;  // events
  std::set<std::string> disabled_;      // subscriptions that were, so that they may have missed events
  std::vector<std::string> faults_;
};

void WebhooksScenario::enter_subscriptions(Service& service) {
  is_entered_ = true;
  const auto call = service_call(agency_, "simulation", seconds(30));
  const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
    for (const auto& target : targets_) {
      const notifications::Subscription subscription{
          .id = target.id, .callback_url = target.url, .created_at = unit.now};
      const std::array<unsigned char, 32> secret{1, 2, 3};
      const auto text = TRY(notifications::WebhookSecret::from_bytes(secret)).text();
      const auto sealed = keys().seal(text, {agency_, target.id.uuid, "webhook_secret"});
      CHECK_OK(unit.transaction.exec(notifications::statements::insert_subscription, agency_, subscription,
                                     sealed.key_id, sql::Bytes{sealed.bytes}));
    }
    return {};
  });
  if (!done) faults_.push_back("subscriptions could not be entered: " + describe(done.error()));
}

// What a consumer does with events of an account, or of the whole agency: again until it is done.
void WebhooksScenario::command(Service& service) {
  auto& random = world_.random;
  const auto account = random.between(0, accounts);
  const auto key = to_string(agency_) + (account < accounts ? "/" + accounts_[static_cast<size_t>(account)] : "");
  std::vector<events::Event> events(static_cast<size_t>(random.once_in(3) ? random.between(2, 4) : 1));
  for (auto& event : events) {
    event = {.id = new_uuid(),
             .agency = agency_,
             .topic = "holdfast.tickets",
             .key = key,
             .type = "holdfast.ticket-opened.v1",
             .occurred_at = service.clock.now()};
  }
  for (bool is_done = false; !is_done && is_troubled();) {
    const auto call = service_call(agency_, "simulation", seconds(random.between(1, 10)));
    const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      for (const auto& event : events) CHECK_OK(make_deliveries(unit, service.webhooks, event));
      return {};
    });
    is_done = done.has_value();
    if (!is_done) world_.let_pass(second);
    if (!is_done) continue;
    for (const auto& event : events) acknowledged_.insert(stored(event.id));
  }
}

// A person sees that a target is gone, and that it is there again.
void WebhooksScenario::bring_back(Service& service) {
  for (const auto& target : targets_) {
    if (state_of(target) != "disabled") continue;
    disabled_.insert(stored(target.id.uuid));
    const auto call = service_call(agency_, "simulation", seconds(10));
    static_cast<void>(service.transactor.run(call, [&](events::UnitOfWork& unit) {
      return notifications::resume_subscription(unit, service.webhooks, {target.id});
    }));
  }
}

Reaction WebhooksScenario::react(const Exchange& exchange) {
  auto& target = *std::ranges::find(targets_, exchange.url, &Target::url);
  check_turn(exchange, target);
  const auto mood = target.mood(world_.now);
  if (mood == Mood::gone) target.gone_at = world_.now;
  return reaction_in(mood);
}

Reaction WebhooksScenario::reaction_in(Mood mood) {
  auto& random = world_.random;
  using Kind = Reaction::Kind;
  constexpr int failures[] = {301, 400, 404, 500, 502};
  switch (mood) {
    case Mood::well:
      return {Kind::answers, random.once_in(2) ? 200 : 204, random.between(1, 100) * millisecond};
    case Mood::failing:
      return {Kind::answers, failures[random.between(0, std::ssize(failures) - 1)],
              random.between(1, 100) * millisecond};
    case Mood::busy:
      return {Kind::answers, random.once_in(2) ? 429 : 503, random.between(1, 100) * millisecond,
              random.between(0, 900)};
    case Mood::slow:
      return {Kind::answers, 200, random.between(1'000, 20'000) * millisecond};
    case Mood::hanging:
      return {Kind::hangs, 0};
    case Mood::refusing:
      return {Kind::refuses, 0, random.between(1, 100) * millisecond};
    case Mood::gone:
      return {Kind::answers, 410, random.between(1, 100) * millisecond};
    case Mood::changing:
      break;
  }
  if (random.once_in(3)) return {Kind::answers_nobody, 200, random.between(1, 1000) * millisecond};
  return {Kind::answers, random.once_in(2) ? 200 : 500, random.between(1, 1000) * millisecond};
}

// Whoever comes was asked for, and before him nobody waits.
void WebhooksScenario::check_turn(const Exchange& exchange, const Target& target) {
  const auto subscription = stored(target.id.uuid), event = stored(*parse_uuid(exchange.webhook_id));
  const auto& rows = postgres_.store.tables.deliveries;
  const auto found = std::ranges::find_if(rows, [&](const auto& entry) {
    return entry.second.subscription == subscription && entry.second.event == event;
  });
  if (found == rows.end()) {
    faults_.push_back("invented: " + exchange.webhook_id);
    return;
  }
  const auto& ours = found->second;
  for (const auto& [id, row] : rows) {
    if (row.subscription != subscription || row.lane != ours.lane || row.position >= ours.position) continue;
    if (row.ended_at) continue;
    faults_.push_back("overtaken: " + std::to_string(row.position) + " by " + std::to_string(ours.position));
  }
  if (state_of(target) != "disabled" || world_.now < target.gone_at + last_on_the_way) return;
  if (is_calm(target.gone_at, world_.now)) faults_.push_back("sent to who is gone: " + exchange.webhook_id);
}

void WebhooksScenario::judge(Outcome& outcome) const {
  const auto& tables = postgres_.store.tables;
  WebhookRecords records{.store = postgres_.store,
                         .exchanges = http_.exchanges,
                         .subscriptions = {},
                         .neighbour = stored(targets_[0].id.uuid),
                         .is_calm = [this](Nanoseconds from, Nanoseconds until) { return is_calm(from, until); }};
  std::set<std::pair<std::string, std::string>> made;
  for (const auto& [id, row] : tables.deliveries) made.emplace(row.subscription, row.event);
  outcome.faults = faults_;
  for (const auto& target : targets_) {
    const auto subscription = stored(target.id.uuid);
    records.subscriptions[target.url] = subscription;
    for (const auto& event : acknowledged_) {
      if (disabled_.contains(subscription) || made.contains({subscription, event})) continue;
      outcome.faults.push_back("lost: an event has no delivery for " + target.url);
    }
  }
  const auto faults = faults_of_webhooks(records);
  outcome.faults.insert(outcome.faults.end(), faults.begin(), faults.end());
  outcome.committed = std::ssize(tables.deliveries);
  outcome.effects = std::ssize(http_.exchanges);
}

}  // namespace

void prepare_webhooks() {
  const auto sealed = keys().seal("secret", {{}, {}, "prepared"});
  static_cast<void>(keys().open(sealed, {{}, {}, "prepared"}));
  events::messages_by_type();
}

std::unique_ptr<Scenario> make_webhooks_scenario(std::uint64_t seed, bool traced) {
  return std::make_unique<WebhooksScenario>(seed, traced);
}

}  // namespace holdfast::simulation
