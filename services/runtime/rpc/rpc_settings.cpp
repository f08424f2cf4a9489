#include "runtime/rpc/rpc_settings.h"

namespace holdfast::rpc {
namespace {

using std::chrono::milliseconds;

const ServerSettings defaults;
constexpr milliseconds longest{3'600'000};

// "dns:///localhost:7410" as "localhost:7410". Any other scheme but unix: is taken for a name, which is not ours.
std::string without_scheme(const std::string& target) {
  constexpr std::string_view resolved = "dns:///";
  return target.starts_with(resolved) ? target.substr(resolved.size()) : target;
}

}  // namespace

RpcSettings::RpcSettings(const config::Section& section)
    : address(section, "address", "127.0.0.1:7410", "Where gRPC listens: host:port, or unix:/path."),
      threads(section, "threads", defaults.threads, {1, 256}, "Threads on which calls run and may block."),
      queue_length(section, "queue_length", defaults.queue_length, {1, 65'536},
                   "Calls that may wait for a thread; more are refused with RESOURCE_EXHAUSTED."),
      queue_mib(section, "queue_mib", defaults.queue_mib, {1, 65'536},
                "Memory of the requests that wait, in MiB; more are refused with RESOURCE_EXHAUSTED."),
      message_limit_bytes(section, "message_limit_bytes", defaults.message_limit_bytes, {1 << 10, 64 << 20},
                          "Largest request."),
      unfinished_mib(section, "unfinished_mib", defaults.unfinished_mib, {32, 65'536},
                     "Memory of the requests that have not arrived whole, in MiB; beyond it connections are cut."),
      success_line_interval(section, "success_line_interval", defaults.success_line_interval, {1, 1'000'000},
                            "Of so many answered calls one is logged at info; the others at debug."),
      default_deadline_ms(section, "default_deadline_ms", defaults.default_deadline_ms, {milliseconds(1), longest},
                          "Time for a call whose caller names none."),
      longest_deadline_ms(section, "longest_deadline_ms", defaults.longest_deadline_ms, {milliseconds(1), longest},
                          "Time for a call, whatever its caller asks for."),
      tls_certificate(section, "tls_certificate", std::string(),
                      "File with this process's certificate chain in PEM, for its callers and for those that it calls. "
                      "Empty: plain text."),
      tls_private_key(section, "tls_private_key", std::string(), "File with the private key of tls_certificate."),
      tls_authorities(section, "tls_authorities", std::string(),
                      "File with the authorities that sign callers' certificates. Empty: callers need none."),
      plain_text_allowed(
          section, "plain_text_allowed", false,
          "Whether an address beyond the loopback may be served without tls_certificate, and called without "
          "peer_authorities: where the network itself keeps others out, as between sidecars."),
      peer_authorities(section, "peer_authorities", std::string(),
                       "File with the authorities that sign the certificates of the services that this process calls. "
                       "Empty: they are called in plain text, on this machine alone."),
      peer_name(section, "peer_name", std::string(),
                "The name that those certificates bear, where it is not that of the target.") {}

Result<ServerSettings> RpcSettings::server() const {
  ServerSettings settings;
  settings.address = *address;
  settings.threads = *threads;
  settings.queue_length = *queue_length;
  settings.queue_mib = *queue_mib;
  settings.message_limit_bytes = *message_limit_bytes;
  settings.unfinished_mib = *unfinished_mib;
  settings.success_line_interval = *success_line_interval;
  settings.default_deadline_ms = *default_deadline_ms;
  settings.longest_deadline_ms = *longest_deadline_ms;
  if (tls_certificate->empty() != tls_private_key->empty()) {
    return fail(Reason::setting_invalid, tls_certificate.name() + " and " + tls_private_key.name() + " go together");
  }
  if (!tls_certificate->empty()) settings.tls = TlsFiles{*tls_certificate, *tls_private_key, *tls_authorities};
  if (!settings.tls && !tls_authorities->empty()) {
    return fail(Reason::setting_invalid, tls_authorities.name() + " needs " + tls_certificate.name());
  }
  if (!settings.tls && !is_loopback(*address) && !*plain_text_allowed) {
    return fail(Reason::setting_invalid, address.name() + " " + *address + " can be reached by others: give " +
                                             tls_certificate.name() + ", or say " + plain_text_allowed.name());
  }
  return settings;
}

Result<ClientSettings> RpcSettings::client(const std::string& target) const {
  ClientSettings settings{.target = target.empty() ? *address : target};
  if (!peer_authorities->empty()) {
    settings.tls = TlsFiles{*tls_certificate, *tls_private_key, *peer_authorities};
    settings.tls_name = *peer_name;
  } else if (target.empty() && !tls_certificate->empty()) {
    return fail(Reason::setting_invalid,
                peer_authorities.name() + " is needed: services of this process call each other");
  } else if (!target.empty() && !is_loopback(without_scheme(target)) && !*plain_text_allowed) {
    return fail(Reason::setting_invalid,
                target + " is beyond this machine, and our tokens would go there in plain text: give " +
                    peer_authorities.name() + ", or say " + plain_text_allowed.name());
  }
  return settings;
}

bool is_loopback(const std::string& address) {
  const auto host = address.substr(0, address.rfind(':'));
  const bool is_number = host.find_first_not_of("0123456789.") == host.npos;
  return address.starts_with("unix:") || (is_number && host.starts_with("127.")) || host == "localhost" ||
         host == "[::1]";
}

}  // namespace holdfast::rpc
