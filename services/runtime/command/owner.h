#pragma once

#include <functional>
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
  using Describe = std::function<Result<Description>(const rpc::Client& client, const Call& call, const Id& id)>;
  // Writes the copies.
  using Keep = Result<> (*)(events::UnitOfWork& work, const Description& description);

  Owner(rpc::Client client, events::Transactor& transactor, Describe describe, Keep keep)
      : client_(std::move(client)), transactor_(transactor), describe_(std::move(describe)), keep_(keep) {}

  // What the owner says of it is the answer of one method, asked with its id.
  Owner(rpc::Client client, events::Transactor& transactor, std::string method, Keep keep)
      : Owner(std::move(client), transactor, asking(std::move(method)), keep) {}

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
  static Describe asking(std::string method) {
    return [method = std::move(method)](const rpc::Client& client, const Call& call, const Id& id) {
      return command::call<Description>(client, method, call, ById<Id>{id});
    };
  }

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
