// What glibc does for threads, time and descriptors, done by the simulated world: the runtime's own objects call these
// by name, and a program's definitions go before the libraries'. Outside of a world they are glibc's, where they can
// be.

#include "system.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <random>
#include <vector>

#include "world.h"

namespace holdfast::simulation {
namespace {

// The descriptors that are ours begin here: no kernel gives out as many.
constexpr int first_descriptor = 1'000'000;

enum class Descriptor { closed, silent, readable };

// By number, from the first.
std::vector<Descriptor> descriptors;

Descriptor& descriptor_of(int number) { return descriptors[static_cast<size_t>(number - first_descriptor)]; }

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

Nanoseconds length_of(const timespec& time) { return time.tv_sec * second + time.tv_nsec; }

timespec of_length(Nanoseconds length) { return {length / second, length % second}; }

}  // namespace

int open_descriptor() {
  descriptors.push_back(Descriptor::silent);
  return first_descriptor + static_cast<int>(std::ssize(descriptors)) - 1;
}

void set_readable(int descriptor, bool readable) {
  auto& state = descriptor_of(descriptor);
  if (state == Descriptor::closed) return;
  state = readable ? Descriptor::readable : Descriptor::silent;
  if (readable) World::current()->wake(&descriptors);
}

void close_descriptor(int descriptor) { descriptor_of(descriptor) = Descriptor::closed; }

namespace {

int ready_of(pollfd* waited, nfds_t count) {
  int ready = 0;
  for (nfds_t index = 0; index < count; ++index) {
    auto& [number, events, returned] = waited[index];
    const auto state = number < 0 ? Descriptor::closed : descriptor_of(number);
    returned = 0;
    if (state == Descriptor::closed) continue;
    if (state == Descriptor::readable) returned |= events & POLLIN;
    returned |= events & POLLOUT;
    ready += returned != 0 ? 1 : 0;
  }
  return ready;
}

int wait_for_descriptors(pollfd* waited, nfds_t count, int timeout_ms) {
  auto& world = *World::current();
  const auto until = timeout_ms < 0 ? never : world.now + timeout_ms * millisecond;
  for (;;) {
    const int ready = ready_of(waited, count);
    if (ready != 0 || world.now >= until) return ready;
    world.block(&descriptors, until);
  }
}

long wait_for_word(const int* word, int operation, int expected, const timespec* timeout) {
  auto& world = *World::current();
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != expected) {
    errno = EAGAIN;
    return -1;
  }
  const bool is_absolute = (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
  const auto until = timeout ? length_of(*timeout) + (is_absolute ? 0 : world.now) : never;
  if (world.block(word, until)) return 0;
  errno = ETIMEDOUT;
  return -1;
}

int wait_for_condition(pthread_cond_t* condition, pthread_mutex_t* mutex, Nanoseconds until) {
  ::pthread_mutex_unlock(mutex);
  const bool woken = World::current()->block(condition, until);
  ::pthread_mutex_lock(mutex);
  return woken ? 0 : ETIMEDOUT;
}

}  // namespace
}  // namespace holdfast::simulation

using namespace holdfast::simulation;

// The standard library's own source is an instruction of the processor. To ask whether there is one costs more than a
// commit does: a virtual machine stops for it.
void std::random_device::_M_init(const std::string&) {}
void std::random_device::_M_fini() {}
std::random_device::result_type std::random_device::_M_getval() {
  auto* world = World::current();
  return world ? static_cast<result_type>(world->random.next()) : 1;
}

extern "C" {

int pthread_create(pthread_t* thread, const pthread_attr_t*, void* (*start)(void*), void* argument) {
  auto& world = *World::current();
  *thread = world.spawn(world.process(), [start, argument] { start(argument); });
  return 0;
}

int pthread_join(pthread_t thread, void**) {
  World::current()->join(thread);
  return 0;
}

int pthread_detach(pthread_t) { return 0; }

pthread_t pthread_self() {
  auto* world = World::current();
  return world && world->running() ? world->running()->id : UINT64_MAX;
}

int sched_yield() {
  if (auto* world = World::current(); world && world->running()) world->let_pass(0);
  return 0;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) {
  auto& state = mutex->__data;
  const auto self = static_cast<int>(pthread_self());
  if (state.__lock != 0 && (state.__kind & 3) == PTHREAD_MUTEX_RECURSIVE && state.__owner == self) {
    ++state.__count;
    return 0;
  }
  while (state.__lock != 0) World::current()->block(mutex, never);
  state.__lock = 1;
  state.__owner = self;
  state.__count = 1;
  return 0;
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  auto& state = mutex->__data;
  const bool is_ours =
      (state.__kind & 3) == PTHREAD_MUTEX_RECURSIVE && state.__owner == static_cast<int>(pthread_self());
  if (state.__lock != 0 && !is_ours) return EBUSY;
  return pthread_mutex_lock(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  auto& state = mutex->__data;
  if ((state.__kind & 3) == PTHREAD_MUTEX_RECURSIVE && --state.__count > 0) return 0;
  state.__lock = 0;
  state.__owner = 0;
  if (auto* world = World::current()) world->wake(mutex, 1);
  return 0;
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return wait_for_condition(condition, mutex, never);
}

// The world has one clock.
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  return wait_for_condition(condition, mutex, length_of(*until));
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t, const timespec* until) {
  return wait_for_condition(condition, mutex, length_of(*until));
}

int pthread_cond_signal(pthread_cond_t* condition) {
  if (auto* world = World::current()) world->wake(condition, 1);
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition) {
  if (auto* world = World::current()) world->wake(condition);
  return 0;
}

int pthread_cond_destroy(pthread_cond_t*) { return 0; }

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (auto* world = World::current()) {
    *time = of_length(world->now);
    return 0;
  }
  return static_cast<int>(real<long(long, ...)>("syscall")(SYS_clock_gettime, clock, time));
}

int nanosleep(const timespec* length, timespec*) {
  World::current()->let_pass(length_of(*length));
  return 0;
}

int eventfd(unsigned, int) noexcept { return open_descriptor(); }

int eventfd_write(int descriptor, eventfd_t) {
  set_readable(descriptor, true);
  return 0;
}

int eventfd_read(int descriptor, eventfd_t*) {
  set_readable(descriptor, false);
  return 0;
}

int close(int descriptor) {
  if (descriptor < first_descriptor) return real<int(int)>("close")(descriptor);
  close_descriptor(descriptor);
  return 0;
}

int poll(pollfd* waited, nfds_t count, int timeout_ms) {
  if (count == 0 || waited[0].fd < first_descriptor) {
    return real<int(pollfd*, nfds_t, int)>("poll")(waited, count, timeout_ms);
  }
  return wait_for_descriptors(waited, count, timeout_ms);
}

long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  long given[6];
  for (auto& argument : given) argument = va_arg(arguments, long);
  va_end(arguments);
  auto* world = World::current();
  if (number != SYS_futex || !world || !world->running()) {
    return real<long(long, ...)>("syscall")(number, given[0], given[1], given[2], given[3], given[4], given[5]);
  }
  const auto* word = reinterpret_cast<const int*>(given[0]);
  const auto operation = static_cast<int>(given[1]), value = static_cast<int>(given[2]);
  const int command = operation & FUTEX_CMD_MASK;
  if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET) {
    world->wake(word, value);
    return 0;
  }
  return wait_for_word(word, operation, value, reinterpret_cast<const timespec*>(given[3]));
}

}  // extern "C"
