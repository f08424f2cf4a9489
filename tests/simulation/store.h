#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "values.h"
#include "world.h"

namespace holdfast::simulation {

// A row of runtime.outbox: its columns as PostgreSQL sends them.
struct OutboxRow {
  std::string event_id, agency, topic, key, type;
  std::int64_t sequence = 0;
  std::string occurred_at, payload, headers;
  Nanoseconds created_at = 0;
};

using Stream = std::tuple<std::string, std::string, std::string>;  // agency, topic, key

struct LeaseRow {
  std::string owner;
  std::int64_t term = 0;
  Nanoseconds expires_at = 0;
};

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

class Session;

// The tables of schema runtime that the relay, its lease and a command's last step use, with the parts of PostgreSQL's
// read committed that matter to them: what is not committed nobody else sees, rows that are written are locked until
// the end and then read anew, sequence numbers are never given back, and a commit that did not wait for the disk may be
// gone after a crash.
class Store {
 public:
  explicit Store(World& world) : world_(world) {}

  // The server dies: who is under way is gone, and with one half of chance the commits that no later one brought to
  // disk.
  void crash();

  std::map<std::int64_t, OutboxRow> outbox;
  std::map<Stream, std::int64_t> streams;
  std::map<std::string, LeaseRow> leases;
  std::set<std::string> facts;           // what commands wrote
  std::vector<OutboxRow> all_committed;  // whatever became of it since, in the order of the commits

 private:
  friend class Session;

  World& world_;
  std::int64_t next_seq_ = 1;
  std::int64_t next_transaction_ = 1;
  std::set<std::int64_t> under_way_;  // ids of transactions
  std::map<std::string, const Session*> locks_;
  std::vector<std::function<void()>> undo_;  // of the commits that are not on disk yet
};

// One client's connection on the server's side: a transaction and what it wrote. Its fiber alone uses it.
class Session {
 public:
  explicit Session(Store& store) : store_(store) {}
  ~Session() { end(); }
  Session(const Session&) = delete;

  // Waits for locks. Throws SqlError.
  Answer execute(const std::string& name, std::span<const Cell> parameters);

  bool in_transaction() const { return begun_; }
  bool failed() const { return failed_; }
  void end();  // without a commit
  void cancel() { cancelled_ = true; }

 private:
  using Parameters = std::span<const Cell>;
  using Handler = Answer (Session::*)(Parameters);
  static const std::map<std::string, Handler, std::less<>>& handlers();

  void lock(const std::string& row);
  void wait_for_disk();
  std::int64_t transaction_id();
  std::int64_t counted(const Stream& stream, std::int64_t more);
  void insert(OutboxRow row);
  void apply();
  std::function<void()> undoing() const;

  Answer begin(Parameters);
  Answer begin_read_only(Parameters);
  Answer commit(Parameters);
  Answer roll_back(Parameters);
  Answer commit_so_far(Parameters);
  Answer set_context(Parameters);
  Answer set_one(Parameters);
  Answer do_not_flush(Parameters);
  Answer insert_fact(Parameters);
  Answer append_one(Parameters);
  Answer append_one_unlocked(Parameters);
  Answer append(Parameters);
  Answer oldest(Parameters);
  Answer horizon(Parameters);
  Answer remove(Parameters);
  Answer remove_up_to(Parameters);
  Answer backlog(Parameters);
  Answer take(Parameters);
  Answer release(Parameters);

  Answer removed(const std::vector<std::int64_t>& places);

  Store& store_;
  bool begun_ = false, failed_ = false, cancelled_ = false, read_only_ = false, to_disk_ = true;
  Nanoseconds statement_timeout_ = never;
  std::int64_t id_ = 0;
  std::vector<std::string> locked_;
  std::map<std::int64_t, OutboxRow> inserted_;
  std::set<std::int64_t> removed_;
  std::map<Stream, std::int64_t> counted_;
  std::map<std::string, LeaseRow> leased_;
  std::set<std::string> facts_;
};

}  // namespace holdfast::simulation
