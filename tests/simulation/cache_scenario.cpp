// Commands change records and drop them from the cache, readers look them up through it, and the service's own events
// drop them again.

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "runtime/cache/cache.h"
#include "runtime/core/clock.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/metrics/metrics.h"
#include "runtime/sql/database.h"
#include "scenario.h"

namespace holdfast::simulation {
namespace {

using std::chrono::milliseconds;

constexpr sql::Statement raise_record{"simulation.raise_record",
                                      "INSERT INTO facts VALUES ($1::uuid, 1) ON CONFLICT (id) DO UPDATE "
                                      "SET number = facts.number + 1 RETURNING number"};
constexpr sql::Statement read_record{"simulation.read_record",
                                     "SELECT coalesce(max(number), 0) FROM facts WHERE id = $1::uuid"};
constexpr int processes = 2, readers = 2, records = 3, herd = 5;
constexpr milliseconds budget{50}, trust{500};
constexpr Nanoseconds a_budget = 50 * millisecond, slack = 10 * millisecond;
// Until whoever hears nothing of a drop knows that it hears nothing; its own it hears within a budget.
constexpr Nanoseconds hearing = 500 * millisecond + a_budget + slack;

// What is looked up: a number that commands raise, each fifth of which says that there is nothing. The last record's
// entries carry no version.
struct Record {
  Uuid id = new_uuid();
  std::string key;
  bool has_version = true;

  bool is_absent(std::int64_t number) const { return has_version && number % 5 == 0; }
};

cache::Loaded loaded(const Record& record, std::int64_t number) {
  if (record.is_absent(number)) return {std::nullopt, number};
  return {std::to_string(number), record.has_version ? number : 0};
}

// Nothing if no loader gave it.
std::optional<std::int64_t> number_of(const Record& record, const cache::Entry& entry) {
  const auto number = record.is_absent(entry.version) && !entry.bytes ? entry.version
                      : entry.bytes                                   ? std::stoll(*entry.bytes)
                                                                      : -1;
  const auto given = loaded(record, number);
  return given.bytes == entry.bytes && given.version == entry.version ? std::optional(number) : std::nullopt;
}

struct Service {
  explicit Service(Process process) : process(process) {}

  const Process process;
  sql::Database database{{.url = "simulated", .pool_size = 4, .constraints = {}}};
  SystemClock clock;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  metrics::Registry registry;
  cache::RedisTier redis{{.address = {.path = "simulated", .host = {}, .port = 0},
                          .password = {},
                          .service = "simulated",
                          .connections = 3,
                          .budget = budget,
                          .ttl = milliseconds(5000),
                          .lease = milliseconds(1000),
                          .trust = trust,
                          .owed_limit = 2},
                         registry};
  cache::Cache cache{"record", {}, &redis, clock, registry};

  // What the scenario knows of it.
  std::map<std::string, std::int64_t> dropped;    // by key: what no answer may be older than
  std::multimap<std::string, Nanoseconds> looks;  // under way, and when they began
};

class CacheScenario final : public Scenario {
 public:
  CacheScenario(std::uint64_t seed, bool traced)
      : Scenario(seed, traced,
                 {.processes = processes, .troubled = 8 * second, .quiet = second, .longest_trouble = 3 * second}) {
    for (int number = 0; number < records; ++number) {
      records_.push_back({.key = "record" + std::to_string(number), .has_version = number + 1 < records});
    }
    redis_.when_published([this](Process by, const std::string& message) { note_drop(by, message); });
    world_.at(world_.now + 200 * millisecond, [this] { trouble_redis(); });
  }

 private:
  void live(Process process) override {
    auto* service = new Service(process);
    for (int reader = 0; reader < readers; ++reader) {
      world_.spawn(process, [this, service] {
        while (is_troubled()) {
          world_.let_pass(world_.random.between(1, 60) * millisecond);
          if (is_troubled()) look(*service, any_record());
        }
      });
    }
    world_.spawn(process, [this, service] { react(*service); });
    while (is_troubled()) {
      world_.let_pass(world_.random.between(1, 300) * millisecond);
      if (is_troubled()) command(*service);
    }
    look_last(*service);
  }

  const Record& any_record() { return records_[static_cast<size_t>(world_.random.between(0, records - 1))]; }

  std::int64_t committed(const Record& record) const {
    const auto found = postgres_.store.tables.facts.find(stored(record.id));
    return found == postgres_.store.tables.facts.end() ? 0 : integer_of(*found->second[1]);
  }

  void expect(bool is_so, const std::string& fault) {
    if (is_so || faults_.size() >= 20) return;
    world_.trace(fault);
    faults_.push_back(fault);
  }

  void command(Service& service);
  void react(Service& service);
  cache::Dropped drop(Service& service, const Record& record, std::int64_t number);
  void look(Service& service, const Record& record);
  Result<cache::EntryPointer> get(Service& service, const Record& record, std::int64_t at_least);
  Result<cache::Loaded> load(Service& service, const Call& call, const Record& record);
  std::int64_t heard(const Service& service, const Record& record) const;
  void note_drop(Process by, const std::string& message);
  bool is_calm_since(Nanoseconds begun) const;
  void look_last(Service& service);
  void send_herd(Service& service);
  void trouble_redis();

  void trouble_more() override { strike_redis(); }
  void strike_redis();

  bool is_reacted() const { return reacted_ == postgres_.store.all_committed.size(); }
  bool is_drained() const override { return looked_last_.size() == processes; }
  void judge(Outcome& outcome) const override {
    outcome.faults = faults_;
    if (!is_drained()) outcome.faults.emplace_back("a process never reads its cache as before");
    outcome.committed = std::ssize(postgres_.store.all_committed);
    outcome.effects = looks_;
  }

  const AgencyId agency_{new_uuid()};
  std::vector<Record> records_;
  std::map<std::string, std::int64_t> acknowledged_;
  struct Published {
    Nanoseconds when;
    Process by;
    std::int64_t number;  // older than that is nothing that was read later
  };
  std::map<std::string, std::vector<Published>> published_;  // by key
  size_t reacted_ = 0;                                       // events
  std::int64_t looks_ = 0;
  std::set<Process> looked_last_;
  std::vector<std::string> faults_;
};

void CacheScenario::command(Service& service) {
  auto& random = world_.random;
  const auto& record = any_record();
  const bool slow = random.once_in(10);
  const auto call = service_call(agency_, "simulation", milliseconds(random.between(50, 1000)));
  const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<std::int64_t> {
    const auto number = TRY(unit.transaction.one<std::int64_t>(raise_record, record.id));
    if (slow) world_.let_pass(random.between(1, 100) * millisecond);
    unit.published.push_back({.id = new_uuid(),
                              .agency = agency_,
                              .topic = "holdfast.simulated",
                              .key = record.key,
                              .type = "holdfast.simulated-raised.v1",
                              .occurred_at = unit.now,
                              .payload = std::to_string(number)});
    unit.hints.emplace_back([this, &service, &record, number] { drop(service, record, number); });
    return number;
  });
  if (!done) return;
  for (auto* known : {&service.dropped[record.key], &acknowledged_[record.key]}) *known = std::max(*known, *done);
}

// The service's consumer, in one process or the other: an event whose drop did not get everywhere comes again.
void CacheScenario::react(Service& service) {
  for (;;) {
    world_.let_pass(world_.random.between(100, 1000) * millisecond);
    while (!is_reacted()) {
      const auto place = reacted_;
      const auto event = postgres_.store.all_committed[place];
      const auto record = std::ranges::find(records_, event.key, &Record::key);
      const auto number = std::stoll(event.payload);
      const auto dropped = drop(service, *record, number);
      auto& known = service.dropped[event.key];
      known = std::max<std::int64_t>(known, number);
      if (dropped != cache::Dropped::everywhere) break;
      reacted_ = std::max(reacted_, place + 1);
    }
  }
}

cache::Dropped CacheScenario::drop(Service& service, const Record& record, std::int64_t number) {
  const auto begun = world_.now;
  const auto dropped = record.has_version ? service.cache.drop(record.key, number) : service.cache.drop(record.key);
  expect(world_.now - begun <= a_budget + slack || !is_calm_since(begun), "slow: a drop took longer than its budget");
  return dropped;
}

void CacheScenario::look(Service& service, const Record& record) {
  auto& random = world_.random;
  std::int64_t at_least = 0;
  if (record.has_version && random.once_in(2)) at_least = acknowledged_[record.key];
  if (record.has_version && random.once_in(20)) at_least += 5;  // no token of ours
  const auto own = service.dropped[record.key], asked = std::min(at_least, committed(record));
  const auto of_others = heard(service, record);
  auto entry = random.once_in(2) ? service.cache.peek(record.key, at_least) : nullptr;
  if (!entry) {
    const auto got = get(service, record, at_least);
    if (!got) return;
    entry = *got;
  }
  ++looks_;
  const auto number = number_of(record, *entry);
  expect(number && *number <= committed(record), "invented: " + record.key + " was never like this");
  if (!number) return;
  const auto answer =
      "process " + std::to_string(service.process) + ": " + record.key + " read as " + std::to_string(*number);
  world_.trace(answer);
  expect(*number >= own, answer + " where " + std::to_string(own) + " was dropped");
  expect(*number >= asked, answer + " with a token of " + std::to_string(asked));
  expect(*number >= of_others, answer + " long after all could hear of " + std::to_string(of_others));
}

Result<cache::EntryPointer> CacheScenario::get(Service& service, const Record& record, std::int64_t at_least) {
  const auto call = service_call(agency_, "simulation", milliseconds(world_.random.between(50, 1000)));
  const bool alone = !service.looks.contains(record.key);
  const auto begun = world_.now;
  const auto place = service.looks.emplace(record.key, begun);
  Nanoseconds loading = 0;
  const auto loader = [&] {
    const auto loader_begun = world_.now;
    auto result = load(service, call, record);
    loading = world_.now - loader_begun;
    return result;
  };
  auto got = service.cache.get(call, record.key, loader, at_least);
  service.looks.erase(place);
  const bool quick = world_.now - begun - loading <= 2 * a_budget + slack;
  expect(quick || !alone || !is_calm_since(begun), "slow: a look-up waited for Redis longer than two budgets");
  return got;
}

Result<cache::Loaded> CacheScenario::load(Service& service, const Call& call, const Record& record) {
  auto& random = world_.random;
  if (random.once_in(20)) world_.let_pass(random.between(1, 300) * millisecond);
  const auto number = TRY(service.database.read(
      call, [&](sql::Transaction& transaction) { return transaction.one<std::int64_t>(read_record, record.id); }));
  if (random.once_in(10)) world_.let_pass(random.between(1, 300) * millisecond);
  return loaded(record, number);
}

// What others have dropped in Redis so long ago that this process knows it, but for who may join a look-up that began
// before. Its own drops are not told it: they strike when they return.
std::int64_t CacheScenario::heard(const Service& service, const Record& record) const {
  const auto drops = published_.find(record.key);
  if (drops == published_.end()) return 0;
  const auto [first, last] = service.looks.equal_range(record.key);
  auto before = world_.now - hearing;
  for (auto under_way = first; under_way != last; ++under_way) before = std::min(before, under_way->second);
  std::int64_t number = 0;
  for (const auto& drop : drops->second) {
    if (drop.when <= before && drop.by != service.process) number = std::max(number, drop.number);
  }
  return number;
}

void CacheScenario::note_drop(Process by, const std::string& message) {
  const auto drop = cache::decode(message);
  const auto record = std::ranges::find(records_, drop->key, &Record::key);
  if (record == records_.end()) return;
  published_[drop->key].push_back({world_.now, by, std::min(drop->version, committed(*record))});
  world_.trace("redis has dropped ", drop->key);
}

bool CacheScenario::is_calm_since(Nanoseconds begun) const {
  return std::ranges::none_of(troubles_, [&](const Trouble& trouble) { return trouble.until > begun; });
}

// When all has come to rest, nobody has anything that is not so.
void CacheScenario::look_last(Service& service) {
  const auto calm_at = end_of_troubles_ + plan_.longest_trouble;
  const auto is_well = [&] {
    return service.redis.linked() && service.redis.owed() == 0 &&
           service.redis.breaker() == cache::RedisPool::Breaker::closed;
  };
  while (world_.now < calm_at || !is_reacted() || !is_well()) world_.let_pass(100 * millisecond);
  world_.let_pass(hearing);
  for (const auto& record : records_) {
    const auto is_so = [&](const cache::EntryPointer& entry) { return number_of(record, *entry) == committed(record); };
    const auto near = service.cache.peek(record.key);
    expect(!near || is_so(near), "left over: " + record.key + " in the memory of a process");
    const auto found = service.redis.read("record", record.key, 0, Deadline::max()).entry;
    expect(!found || is_so(found), "left over: " + record.key + " in Redis");
  }
  send_herd(service);
  looked_last_.insert(service.process);
}

// Many ask at once for what nobody has: the store is asked once.
void CacheScenario::send_herd(Service& service) {
  const auto key = to_string(new_uuid());
  int loads = 0, answers = 0;
  const auto ask = [&] {
    const auto call = service_call(agency_, "simulation", milliseconds(1000));
    const auto got = service.cache.get(call, key, [&]() -> Result<cache::Loaded> {
      ++loads;
      world_.let_pass(20 * millisecond);
      return cache::Loaded{"asked", 1};
    });
    if (got) ++answers;
  };
  for (int one = 0; one < herd; ++one) world_.spawn(service.process, ask);
  world_.let_pass(2 * second);
  expect(answers == herd && loads == 1, "a herd of " + std::to_string(herd) + " has " + std::to_string(answers) +
                                            " answers of " + std::to_string(loads) + " loads");
}

void CacheScenario::trouble_redis() {
  if (!is_troubled()) return;
  strike_redis();
  world_.at(world_.now + world_.random.between(100, 2000) * millisecond, [this] { trouble_redis(); });
}

void CacheScenario::strike_redis() {
  const auto until = world_.now + world_.random.between(1, plan_.longest_trouble / millisecond) * millisecond;
  const auto process = any_process();
  switch (world_.random.between(1, 4)) {
    case 1:
      world_.trace("redis cuts off process ", process);
      redis_.cut(process);
      break;
    case 2:
      world_.trace("redis crashes");
      redis_.crash(until);
      break;
    case 3:
      world_.trace("redis and process ", process, " do not hear each other");
      redis_.silence(process, until);
      break;
    default:
      world_.trace("redis hangs");
      for (Process each = 1; each <= processes; ++each) redis_.silence(each, until);
  }
}

}  // namespace

std::unique_ptr<Scenario> make_cache_scenario(std::uint64_t seed, bool traced) {
  return std::make_unique<CacheScenario>(seed, traced);
}

}  // namespace holdfast::simulation
