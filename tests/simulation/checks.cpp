#include "checks.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>

namespace holdfast::simulation {
namespace {

// As the store has it: 16 bytes. As Kafka has it: 36 letters.
std::string written(const std::string& id) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (size_t place = 0; place < id.size(); ++place) {
    if (place == 4 || place == 6 || place == 8 || place == 10) text += '-';
    const auto byte = static_cast<unsigned char>(id[place]);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

class Checks {
 public:
  // The fault is worded only when there is one: that takes longer than to look for it.
  template <class Words>
  void expect(bool is_so, const Words& fault) {
    if (!is_so && faults.size() < most) faults.push_back(fault());
  }

  std::vector<std::string> faults;

 private:
  static constexpr size_t most = 20;
};

// First deliveries of a stream, in the order of their sequences and without a gap.
void check_order(const Kafka& kafka, std::unordered_set<std::string>& delivered, Checks& checks) {
  for (const auto& [topic, log] : kafka.topics) {
    std::map<std::string, std::int64_t> last;
    for (const auto& partition : log) {
      for (const auto& record : partition) {
        if (!delivered.insert(record.id).second) continue;
        auto& sequence = last[record.key];
        checks.expect(record.sequence == sequence + 1, [&] {
          return record.key + ": first delivery of " + std::to_string(record.sequence) + " behind " +
                 std::to_string(sequence);
        });
        sequence = record.sequence;
      }
    }
  }
}

void check_told(const Store& store, const Told& told, Checks& checks) {
  for (const auto& fact : told.acknowledged) {
    checks.expect(store.tables.facts.contains(fact),
                  [] { return "forgotten: an acknowledged command has left nothing"; });
  }
}

}  // namespace

std::vector<std::string> faults_of(const Store& store, const Kafka& kafka, const Told& told) {
  Checks checks;
  std::unordered_set<std::string> delivered, published;
  check_order(kafka, delivered, checks);
  for (const auto& row : store.all_committed) {
    const auto id = written(row.event_id);
    published.insert(id);
    checks.expect(delivered.contains(id), [&] {
      return "lost: " + row.key + "#" + std::to_string(row.sequence) + " was committed and is not on Kafka";
    });
  }
  for (const auto& id : delivered) {
    checks.expect(published.contains(id), [&] { return "invented: " + id + " was never committed"; });
  }
  for (const auto& [fact, row] : store.tables.facts) {
    checks.expect(delivered.contains(written(fact)),
                  [] { return "silent: a command was committed without its event"; });
  }
  check_told(store, told, checks);
  const auto waiting = store.tables.outbox.size();
  checks.expect(waiting == 0, [&] { return "not drained: " + std::to_string(waiting) + " events wait for ever"; });
  return checks.faults;
}

bool is_poison(const std::string& handler, std::string_view event) {
  return handler == handlers[1] && static_cast<unsigned char>(event[15]) % 32 == 0;
}

bool is_all_handled(const Store& store) {
  const auto events = std::ranges::count(store.all_committed, simulated_topic, &OutboxRow::topic);
  return std::ssize(store.tables.inbox) >= events * std::ssize(handlers);
}

// Each event once by each handler, or, if it is poison to it, set aside; those of a key in order.
void add_faults_of_handlers(const Store& store, std::vector<std::string>& faults) {
  Checks checks;
  std::map<std::pair<std::string, std::string>, int> times;
  std::vector<std::pair<std::pair<Nanoseconds, std::int64_t>, EffectRow>> in_order;
  for (const auto& [number, row] : store.tables.effects) {
    ++times[{row.cause, row.subject}];
    in_order.push_back({{row.committed_at, number}, row});
  }
  std::map<std::string, std::string> keys;
  for (const auto& event : store.all_committed) {
    if (event.topic != simulated_topic) continue;
    keys[event.event_id] = event.key;
    for (const std::string handler : handlers) {
      const bool poison = is_poison(handler, event.event_id);
      const auto handled = times[{handler, event.event_id}];
      const bool set_aside = store.tables.dead_letters.contains({handler, event.event_id});
      const auto what = [&](const char* fault) {
        return [&, fault] { return fault + event.key + "#" + std::to_string(event.sequence) + " by " + handler; };
      };
      checks.expect(handled > 0 || set_aside, what("unhandled: "));
      checks.expect(handled < 2, what("handled twice: "));
      checks.expect(set_aside == poison, what(poison ? "not set aside: " : "set aside: "));
    }
  }
  std::ranges::sort(in_order, {}, [](const auto& entry) { return entry.first; });
  std::map<std::pair<std::string, std::string>, std::int64_t> last;
  for (const auto& [when, row] : in_order) {
    auto& before = last[{row.cause, keys[row.subject]}];
    checks.expect(row.number > before, [&] {
      return "out of order: " + keys[row.subject] + "#" + std::to_string(row.number) + " behind " +
             std::to_string(before) + " by " + row.cause;
    });
    before = row.number;
  }
  faults.insert(faults.end(), checks.faults.begin(), checks.faults.end());
}

std::vector<std::string> faults_of_timers(const Store& store, const Told& told,
                                          const std::function<Timer(std::string_view)>& timer_of) {
  Checks checks;
  check_told(store, told, checks);
  std::map<std::tuple<std::string, std::string, std::int64_t>, int> fired;
  for (const auto& [number, row] : store.tables.effects) ++fired[{row.subject, row.cause, row.number}];
  for (const auto& [subject, row] : store.tables.facts) {
    const auto [kind, times] = timer_of(subject);
    for (int number = 1; number <= times; ++number) {
      const auto found = fired.extract({subject, kind, number});
      const auto count = found.empty() ? 0 : found.mapped();
      const auto firing = [&] { return "firing " + std::to_string(number) + " of " + kind; };
      checks.expect(count > 0, [&] { return "lost: " + firing() + " never came"; });
      checks.expect(count < 2, [&] { return "twice: " + firing(); });
    }
  }
  checks.expect(fired.empty(),
                [&] { return "invented: " + std::to_string(fired.size()) + " firings that nobody set"; });
  const auto waiting = store.tables.timers.size();
  checks.expect(waiting == 0, [&] { return "not drained: " + std::to_string(waiting) + " timers wait for ever"; });
  return checks.faults;
}

}  // namespace holdfast::simulation
