#pragma once

#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tables.h"
#include "values.h"
#include "world.h"

namespace holdfast::simulation {

// What a statement failed with.
struct SqlError {
  std::string state, message;
};

// What a statement answers.
struct Answer {
  std::vector<Row> rows;
  std::string tag;
  std::string affected;
};

Answer selected(std::vector<Row> rows);
Answer inserted(size_t count);
Answer updated(size_t count);
Answer deleted(size_t count);

class Session;
struct Statement;
using NamedStatement = std::pair<const std::string, Statement>;

// What is in the database, with the parts of PostgreSQL's read committed that matter to the simulated parts: what is
// not committed nobody else sees, rows that are written are locked until the end and then read anew, sequence numbers
// are never given back, and a commit that did not wait for the disk may be gone after a crash.
class Store {
 public:
  explicit Store(World& world) : world_(world) {}

  // The server dies: who is under way is gone, and with one half of chance the commits that no later one brought to
  // disk.
  void crash();

  Tables tables;
  std::deque<OutboxRow> all_committed;  // whatever became of it since, in the order of the commits

 private:
  friend class Session;
  using Locks = std::map<std::string, const Session*>;

  World& world_;
  std::int64_t next_number_ = 1;
  std::int64_t next_transaction_ = 1;
  std::set<std::int64_t> under_way_;  // ids of transactions
  Locks locks_;
  std::vector<Changes> undo_;  // of the commits that are not on disk yet
};

// One client's connection on the server's side: a transaction and what it wrote. Its fiber alone uses it.
class Session {
 public:
  explicit Session(Store& store) : store_(store) {}
  ~Session() { end(); }
  Session(const Session&) = delete;

  // Waits for locks. Throws SqlError.
  Answer execute(const NamedStatement& statement, std::span<const Cell> parameters);

  bool in_transaction() const { return begun_; }
  bool failed() const { return failed_; }
  bool is_writing() const { return id_ != 0; }
  void end();  // without a commit
  void cancel() { cancelled_ = true; }

  // For statements.
  void begin() { begun_ = true; }
  Answer commit();
  // COMMIT AND CHAIN.
  Answer commit_so_far();
  // Until the end; waits for whoever has it.
  void lock(const std::string& row);
  // False if another has it.
  bool lock_at_once(const std::string& row);
  // None if nobody has it.
  const Session* holder_of(const std::string& row) const;
  std::int64_t transaction_id();
  std::int64_t oldest_transaction() const { return *store_.under_way_.begin(); }
  // Never twice, whatever becomes of the transaction.
  std::int64_t new_number() { return store_.next_number_++; }
  Nanoseconds now() const { return store_.world_.now; }
  const Tables& committed() const { return store_.tables; }

  Changes written;
  bool to_disk = true;
  Nanoseconds statement_timeout = never, lock_timeout = never, idle_timeout = never;

 private:
  void wait_for_disk();
  void apply();

  Store& store_;
  bool begun_ = false, failed_ = false, cancelled_ = false;
  std::int64_t id_ = 0;
  std::vector<Store::Locks::iterator> locked_;
};

}  // namespace holdfast::simulation
