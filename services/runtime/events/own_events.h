#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/events/consumer.h"
#include "runtime/events/follow.h"

// How a service takes back what it published, after its database was restored from a backup and has forgotten it: by
// reactions to its own events, which write what was so and publish nothing.
namespace holdfast::events {

// Of what an event follows and this database does not have: whether it may still come from Kafka.
enum class Missing { comes, is_lost };

struct EarlyEvent;

class OwnEvents {
 public:
  // What an event is about, which version of it, and whether the database has that now, or something newer. Where
  // something is missing before it (an older version, what it refers to) nothing is done and it has not.
  struct Place {
    Uuid subject;
    std::int64_t version = 0;
    bool taken = false;
  };
  using TakeBack = std::function<Result<Place>(UnitOfWork& work, const Event& event, Missing missing)>;

  // `handler` is the inbox key.
  void on(std::string handler, std::string type, TakeBack take_back);

  // keep(work, fact, event, missing) -> Result<Place>
  template <HasFields Fact, class Keep>
  void on(std::string handler, Keep keep) {
    wire::check<Fact>(Fields<Fact>::message);
    on(std::move(handler), type_of(wire::prototype(Fields<Fact>::message)),
       [keep](UnitOfWork& work, const Event& event, Missing missing) -> Result<Place> {
         const auto fact = TRY(decode<Fact>(event));
         return keep(work, fact, event, missing);
       });
  }

  // keep(work, resource, event) -> Result<bool>, whether it is taken, for every event that carries the resource in its
  // field `place` (follow.h), those included that are declared tomorrow.
  template <class Resource, class Keep>
  void on_all(std::string_view resource, const char* place, const std::string& handlers, Keep keep) {
    wire::check<Resource>(resource);
    for (auto& carrier : carriers_of(resource, place)) {
      on(handlers + carrier.name, carrier.type,
         [keep, place, message = carrier.message](UnitOfWork& work, const Event& event, Missing) -> Result<Place> {
           const auto carried = TRY(carried_by<Resource>(message, place, event));
           const bool taken = TRY(keep(work, carried, event));
           return Place{carried.id.uuid, carried.version, taken};
         });
    }
  }

  bool empty() const { return list_.empty(); }

  // Before the consumer starts. What comes too early is kept, of the events about one version of a subject the first.
  void follow(Consumer& consumer) const;

  // Once all that Kafka has has come: what was too early, again and again until nothing finds its place any more, first
  // in order, then past what is lost. What has none yet is left and said (it may belong to an agency that is not here).
  // Blocks for PostgreSQL.
  Result<> settle(Transactor& transactor, const Call& call) const;

 private:
  struct Reaction {
    std::string handler;
    std::string type;
    TakeBack take_back;
  };

  // Each answers how many have found their places.
  Result<int> settle_once(Transactor& transactor, const Call& call, Missing missing) const;
  Result<int> settle(Transactor& transactor, const Call& call, std::span<const EarlyEvent> events,
                     Missing missing) const;
  Result<int> settle(UnitOfWork& work, const EarlyEvent& early, Missing missing) const;

  std::vector<Reaction> list_;
};

}  // namespace holdfast::events
