#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "command_line/verb.h"
#include "runtime/core/clock.h"
#include "runtime/core/result.h"
#include "runtime/rpc/client.h"

namespace holdfast::command_line {

// Where the server is and who we are there: what was given on the command line, in the environment, and in the state
// folder that tools/up keeps.
class Installation {
 public:
  struct Options {
    std::filesystem::path state;  // has holdfast.json while something runs, and keys/
    std::string server;           // host:port; empty: as holdfast.json says
    std::string brokers;          // host:port,…; empty: as holdfast.json says
    rpc::TlsFiles tls;            // without any: plain text; a certificate of ours only where the server demands one
    std::string key;              // an API key or token; empty: keys/agency.key
  };

  explicit Installation(Options options) : options_(std::move(options)) {}

  // Of the process that serves the given service ("tickets"). NOTHING_RUNNING.
  Result<std::string> address_of(const std::string& service) const;
  // Of every process, each once.
  Result<std::vector<std::string>> addresses() const;
  Result<std::string> brokers() const;

  // A connection that calls in this name. KEY_MISSING; SETTING_INVALID for TLS files that do not go together.
  Result<rpc::Client> connect(const std::string& address, Identity identity) const;
  // Under which name each of its calls goes out. The installation's own token lives for five minutes and is signed anew
  // for each call, since a command may last longer: `clock advance` over a year does. Keeps the clock. KEY_MISSING.
  Result<rpc::Authorization> authorization(Identity identity, const Clock& clock) const;

  std::filesystem::path key_file(const std::string& name) const { return options_.state / "keys" / name; }

 private:
  Result<std::string> described(const std::string& kind, const std::string& name) const;
  Result<std::string> agency_key() const;

  Options options_;
};

}  // namespace holdfast::command_line
