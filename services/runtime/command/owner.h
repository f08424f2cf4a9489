#pragma once

#include <string>
#include <utility>

#include "runtime/command/remote.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/rpc/client.h"

namespace holdfast::command {

// The request of a method that gives one thing by its id.
template <class Id>
struct ById {
  Id id;
};

// The service that owns what this one keeps copies of, asked when a command or an event names something whose own
// events have not come here yet. Any thread.
template <class Description, class Id>
class Owner {
 public:
  // What the owner says of it; blocks for the calls that this takes.
  using Describe = Result<Description> (*)(const rpc::Client& client, const Call& call, const Id& id);
  // Writes the copies.
  using Keep = Result<> (*)(events::UnitOfWork& work, const Description& description);

  Owner(rpc::Client client, events::Transactor& transactor, Describe describe, Keep keep)
      : client_(std::move(client)), transactor_(transactor), describe_(describe), keep_(keep) {}

  // Whether the owner knows it; then all of it is kept here. Blocks for the calls and one transaction; UNAVAILABLE when
  // the owner cannot be asked.
  Result<bool> learn(const Call& call, const Id& id) const {
    const auto described = describe_(client_, call, id);
    if (!described && described.error().code() == Code::not_found) return false;
    if (!described) return described.error();
    CHECK_OK(transactor_.run(call, [&](events::UnitOfWork& work) { return keep_(work, *described); }));
    return true;
  }

  // For Commands::command: learns what the command names in `subject`, if that may be what the verb did not know.
  template <class Command>
  auto learner(Id Command::*subject) const {
    return [this, subject](const Call& call, const Command& command, const Error& error) -> Result<bool> {
      if (error.code() != Code::not_found) return false;
      return learn(call, command.*subject);
    };
  }

 private:
  rpc::Client client_;
  events::Transactor& transactor_;
  Describe describe_;
  Keep keep_;
};

}  // namespace holdfast::command

template <class Id>
struct holdfast::Fields<holdfast::command::ById<Id>> {
  static constexpr auto list = FieldList{Field{"id", &command::ById<Id>::id}};
};
