#include "bench/child.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <thread>

namespace holdfast::bench {
namespace {

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  std::array<int, 2> ends{};
};

[[noreturn]] void become(const std::vector<std::string>& words, const Pipe& input, const Pipe& output, int core) {
  dup2(input.ends[0], STDIN_FILENO);
  dup2(output.ends[1], STDOUT_FILENO);
  stay_on(core);
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

std::string read_line(int from) {
  std::string line;
  char next = 0;
  while (read(from, &next, 1) == 1 && next != '\n') line += next;
  if (line.empty()) throw std::runtime_error("the other side did not start");
  return line;
}

int cores() { return static_cast<int>(std::thread::hardware_concurrency()); }

}  // namespace

Child::Child(std::vector<std::string> command, const std::string& served, int core) {
  std::array<char, 4096> own{};
  if (readlink("/proc/self/exe", own.data(), own.size() - 1) < 0) throw std::runtime_error("no /proc");
  command.insert(command.end(), {own.data(), "--serve", served});
  const Pipe input, output;
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) become(command, input, output, core);
  close(input.ends[0]);
  close(output.ends[1]);
  ends_ = input.ends[1];
  address_ = read_line(output.ends[0]);
  authorization_ = read_line(output.ends[0]);
  close(output.ends[0]);
}

Child::~Child() { end(); }

void Child::end() {
  if (ends_ < 0) return;
  close(ends_);
  ends_ = -1;
  waitpid(pid_, nullptr, 0);
}

double Child::cpu_seconds() const {
  clockid_t clock = 0;
  timespec used{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void stay_on(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int one = 0; one < cores(); ++one) {
    if (core < 0 || one == core) CPU_SET(one, &set);
  }
  sched_setaffinity(0, sizeof set, &set);
}

int core_of_server() { return cores() > 1 ? 0 : -1; }
int core_of_client() { return cores() > 1 ? 1 : -1; }

}  // namespace holdfast::bench
