#pragma once

namespace holdfast::testing {

// A port of this machine at which somebody listens: the kernel accepts connections, and nobody ever says a word.
class ListeningPort {
 public:
  ListeningPort();
  ~ListeningPort();
  ListeningPort(const ListeningPort&) = delete;

  int number() const { return number_; }

 private:
  int socket_;
  int number_ = 0;
};

}  // namespace holdfast::testing
