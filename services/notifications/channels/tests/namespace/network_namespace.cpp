#include "notifications/channels/tests/namespace/network_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace holdfast::notifications {
namespace {

// Who is not root becomes it in a user namespace; the kernel lets him do the rest there.
bool become_root() {
  const auto user = geteuid();
  const auto group = getegid();
  if (unshare(CLONE_NEWUSER) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  return geteuid() == 0;
}

// Lays `text` over a file of the system's, in this process's mount namespace alone.
bool lay_over(const char* path, const std::string& text) {
  std::string name = "/tmp/holdfast-namespace-XXXXXX";
  const int file = mkstemp(name.data());
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fchmod(file, 0644) == 0 && mount(name.c_str(), path, nullptr, MS_BIND, nullptr) == 0;
  close(file);
  unlink(name.c_str());  // the mount keeps it
  return written;
}

// /proc/net/snmp: a line of names for each protocol, then one of values. /proc/net/snmp6: a name and a value a line.
std::uint64_t read_counter(const char* path, const std::string& protocol, const std::string& name) {
  std::ifstream file(path);
  for (std::string names, values; std::getline(file, names);) {
    std::istringstream one(names);
    std::string word;
    if (protocol.empty()) {
      std::uint64_t value = 0;
      if (one >> word >> value && word == name) return value;
      continue;
    }
    std::getline(file, values);
    std::istringstream other(values);
    std::string value;
    one >> word;
    other >> value;
    if (word != protocol + ":") continue;
    while (one >> word && other >> value) {
      if (word == name) return std::stoull(value);
    }
  }
  return 0;
}

}  // namespace

std::string enter_network_of_our_own() {
  const auto why = [](const std::string& what) { return what + ": " + std::strerror(errno); };
  if (geteuid() != 0 && !become_root()) return why("no user namespace for who is not root");
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) return why("no network namespace");
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return why("no mounts of its own");
  if (!lay_over("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n") ||
      !lay_over("/etc/nsswitch.conf", "hosts: files dns\n")) {
    return why("no resolver of its own");
  }
  return "";
}

NetworkCounters count_network() {
  NetworkCounters counters;
  counters.connections_begun = read_counter("/proc/self/net/snmp", "Tcp", "ActiveOpens");
  counters.connections_taken = read_counter("/proc/self/net/snmp", "Tcp", "PassiveOpens");
  counters.datagrams_sent = read_counter("/proc/self/net/snmp", "Udp", "OutDatagrams") +
                            read_counter("/proc/self/net/snmp6", "", "Udp6OutDatagrams");
  return counters;
}

}  // namespace holdfast::notifications
