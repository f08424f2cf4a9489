#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>

#include "runtime/core/uuid.h"

namespace holdfast::sql {

// Stands between a client and PostgreSQL, on sockets of the file system, and cuts the first session in which the client
// sends a word: before PostgreSQL has heard it, or after it has answered, of which the client then hears nothing.
class CuttingProxy {
 public:
  enum class Cut { before_it_is_heard, after_it_is_done };

  CuttingProxy(const std::string& url, std::string word, Cut cut)
      : server_(socket_path(value_of(url, "host"), value_of(url, "port"))), word_(std::move(word)), cut_(cut) {
    std::filesystem::create_directories(folder_);
    const auto address = address_of(socket_path(folder_.string(), "5432"));
    listening_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listening_, 8) != 0) {
      throw std::runtime_error("no socket to listen on");
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
  }
  ~CuttingProxy() {
    thread_.request_stop();
    thread_.join();
    ::close(listening_);
    std::filesystem::remove_all(folder_);
  }
  CuttingProxy(const CuttingProxy&) = delete;

  // The same database by way of the proxy: of two values, libpq takes the later.
  std::string through(const std::string& url) const { return url + " port=5432 host=" + folder_.string(); }

 private:
  static std::string value_of(const std::string& url, const std::string& key) {
    const auto begin = url.find(key + "=") + key.size() + 1;
    return url.substr(begin, url.find(' ', begin) - begin);
  }
  static std::string socket_path(const std::string& folder, const std::string& port) {
    return folder + "/.s.PGSQL." + port;
  }
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
  }
  static bool readable(int socket) {
    pollfd entry{socket, POLLIN, 0};
    return ::poll(&entry, 1, 20) == 1;
  }
  // Empty at the end of the stream.
  static std::string receive(int socket) {
    std::array<char, 65536> bytes{};
    const auto count = ::recv(socket, bytes.data(), bytes.size(), 0);
    return {bytes.data(), count > 0 ? static_cast<size_t>(count) : 0};
  }
  static void send(int socket, const std::string& bytes) {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const auto count = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<size_t>(count);
    }
  }

  void accept_all(const std::stop_token& stop) {
    std::list<std::jthread> sessions;
    while (!stop.stop_requested()) {
      if (!readable(listening_)) continue;
      const int client = ::accept(listening_, nullptr, nullptr);
      sessions.emplace_back([this, client](const std::stop_token& ending) { pass(client, ending); });
    }
  }

  void pass(int client, const std::stop_token& stop) {
    const auto address = address_of(server_);
    const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    while (open && !stop.stop_requested()) {
      std::array<pollfd, 2> entries{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
      if (::poll(entries.data(), entries.size(), 20) <= 0) continue;
      if (entries[1].revents != 0) {
        const auto answer = receive(server);
        send(client, answer);
        open = !answer.empty();
      }
      if (open && entries[0].revents != 0) open = forward(client, server);
    }
    ::close(client);
    ::close(server);
  }

  // False when the session is over.
  bool forward(int client, int server) {
    const auto request = receive(client);
    const bool cut = request.find(word_) != request.npos && !was_cut_.exchange(true);
    if (cut && cut_ == Cut::before_it_is_heard) return false;
    send(server, request);
    if (cut) static_cast<void>(receive(server));  // PostgreSQL answers what came together when all of it is done
    return !cut && !request.empty();
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("cut-" + to_string(new_uuid()));
  const std::string server_;
  const std::string word_;
  const Cut cut_;
  int listening_ = -1;
  std::atomic<bool> was_cut_{false};
  std::jthread thread_;
};

}  // namespace holdfast::sql
