#pragma once

#include <array>
#include <memory>
#include <string>

#include "runtime/core/call.h"
#include "runtime/events/event.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/migrations.h"
#include "runtime/sql/database.h"
#include "runtime/testing/temp_database.h"

// What is stored, changed, published and fired here: rows as plain as a service's, under row-level security.
namespace holdfast::bench {

// A client's card is about as long.
const std::string& stored_text();

inline const AgencyId agency{named_uuid({}, "bench")};

// So many things from 1 on, and whose they are: the agencies in turn.
struct Population {
  std::int64_t things;
  std::int64_t agencies = 1;

  AgencyId agency_of(std::int64_t number) const;
  // Somewhere else at each place, so that all of the data is asked for and not what was asked last.
  std::int64_t somewhere(std::int64_t place) const { return 1 + place * scatter % things; }
  // A prime, so that `things` places are all of them.
  static constexpr std::int64_t scatter = 7'919'000'003;
};

// A migrated database of the bench's own, dropped at the end.
struct Things {
  Things();
  sql::Database::Options options(int connections) const {
    return {.url = temporary.url(), .pool_size = connections, .constraints = {}};
  }
  void run(const std::string& script) const { temporary.run(script); }

  testing::TempDatabase temporary;
};

// The text stored under a key; the key is a number below 1,000.
Result<std::string> stored(sql::Database& database, const Call& call, const std::string& key);

// In the verb's transaction: locks the thing of that number, which has the id md5('thing' || number), and stores it.
Result<Uuid> change_thing(events::UnitOfWork& unit, std::int64_t number);

// An event of 300 bytes or so, in the stream of an account.
events::Event thing_changed(AgencyId agency, Uuid account, std::int64_t number, Instant at);
// Of the bench's own agency.
events::Event thing_changed(std::int64_t account, std::int64_t number, Instant at);
std::int64_t number_of(const events::Event& event);

// A topic of a run's own.
std::string new_topic(const std::string& brokers);

}  // namespace holdfast::bench
