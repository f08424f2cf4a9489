#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::events {

// How far the outbox begins with nothing but rows of topics that are held back: a look need not pass them again.
//
// A row may still appear below one that was seen, since sequences are given out before commits; but a transaction that
// has its id from after a snapshot has its rows' numbers from after it, too. So what was seen in one look is complete
// once all transactions have ended that were under way then. One that runs for long costs time, not events. One thread.
class HeldBeginning {
 public:
  // One snapshot of the database.
  struct Horizon {
    std::int64_t last_seq = 0;            // of the outbox
    std::int64_t oldest_transaction = 0;  // all before it have ended
    std::int64_t next_transaction = 0;    // none from it on had begun
  };

  // Behind which row a look that leaves out these topics begins.
  std::int64_t end(const std::vector<std::string>& held);
  // After a look that began behind it, with a snapshot from before: up to `reached`, all that it found has gone.
  void looked(const Horizon& before, std::int64_t reached);

 private:
  struct Seen {
    std::int64_t reached;
    std::int64_t next_transaction;
  };

  std::vector<std::string> held_;
  std::int64_t end_ = 0;
  std::optional<Seen> seen_;  // not known to be complete yet
};

}  // namespace holdfast::events
