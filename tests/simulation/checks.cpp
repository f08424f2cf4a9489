#include "checks.h"

#include <map>

namespace holdfast::simulation {
namespace {

// As the store has it: 16 bytes. As Kafka has it: 36 letters.
std::string written(const std::string& id) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
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
  void expect(bool is_so, const std::string& fault) {
    if (!is_so && faults.size() < most) faults.push_back(fault);
  }

  std::vector<std::string> faults;

 private:
  static constexpr size_t most = 20;
};

// First deliveries of a stream, in the order of their sequences and without a gap.
void check_order(const Kafka& kafka, std::set<std::string>& delivered, Checks& checks) {
  std::map<std::pair<std::string, std::string>, std::int64_t> last;
  for (const auto& log : kafka.log) {
    for (const auto& record : log) {
      if (!delivered.insert(record.id).second) continue;
      auto& sequence = last[{record.topic, record.key}];
      checks.expect(record.sequence == sequence + 1, record.key + ": first delivery of " +
                                                         std::to_string(record.sequence) + " behind " +
                                                         std::to_string(sequence));
      sequence = record.sequence;
    }
  }
}

}  // namespace

std::vector<std::string> faults_of(const Store& store, const Kafka& kafka, const Told& told) {
  Checks checks;
  std::set<std::string> delivered, published;
  check_order(kafka, delivered, checks);
  for (const auto& row : store.all_committed) {
    published.insert(written(row.event_id));
    checks.expect(delivered.contains(written(row.event_id)),
                  "lost: " + row.key + "#" + std::to_string(row.sequence) + " was committed and is not on Kafka");
  }
  for (const auto& id : delivered) checks.expect(published.contains(id), "invented: " + id + " was never committed");
  for (const auto& fact : store.facts) {
    checks.expect(delivered.contains(written(fact)), "silent: a command was committed without its event");
  }
  for (const auto& fact : told.acknowledged) {
    checks.expect(store.facts.contains(fact), "forgotten: an acknowledged command has left nothing");
  }
  checks.expect(store.outbox.empty(), "not drained: " + std::to_string(store.outbox.size()) + " events wait for ever");
  return checks.faults;
}

}  // namespace holdfast::simulation
