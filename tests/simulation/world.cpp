#include "world.h"

#include <cxxabi.h>
#include <link.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

namespace holdfast::simulation {
namespace {

constexpr size_t stack_bytes = 256 * 1024, stacks_mapped = 64;

World* the_world = nullptr;

// The layout that the C++ ABI gives __cxa_eh_globals.
struct ExceptionState {
  void* caught;
  unsigned uncaught;
};

ExceptionState& exception_state() { return *reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals()); }

// The program's thread_locals, as the one thread that there is has them, and as a new thread finds them.
struct ThreadLocals {
  std::span<char> here;
  std::string fresh;
};

const ThreadLocals& thread_locals() {
  static const ThreadLocals all = [] {
    ThreadLocals found;
    // The first that is shown is the program itself.
    ::dl_iterate_phdr(
        [](dl_phdr_info* object, size_t, void* into) {
          for (int index = 0; index < object->dlpi_phnum; ++index) {
            const auto& part = object->dlpi_phdr[index];
            if (part.p_type != PT_TLS) continue;
            auto& [here, fresh] = *static_cast<ThreadLocals*>(into);
            here = {static_cast<char*>(object->dlpi_tls_data), part.p_memsz};
            fresh.assign(reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr), part.p_filesz);
            fresh.resize(part.p_memsz);
          }
          return 1;
        },
        &found);
    return found;
  }();
  return all;
}

// Given for good: what a dead fiber left on its stack others may still point to. Mapped many at a time: a call of the
// kernel's costs more than the memory that a fiber touches.
struct Stacks {
  boost::context::stack_context allocate() {
    static char *next = nullptr, *end = nullptr;
    if (next == end) {
      void* mapped = ::mmap(nullptr, stacks_mapped * stack_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (mapped == MAP_FAILED) std::abort();
      next = static_cast<char*>(mapped);
      end = next + stacks_mapped * stack_bytes;
    }
    next += stack_bytes;
    boost::context::stack_context stack;
    stack.size = stack_bytes;
    stack.sp = next;
    return stack;
  }
  void deallocate(boost::context::stack_context&) {}
};

}  // namespace

std::uint64_t Random::next() {
  auto mixed = (state_ += 0x9e3779b97f4a7c15U);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

std::int64_t Random::between(std::int64_t least, std::int64_t most) {
  return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
}

World::World(std::uint64_t seed, bool traced) : random(seed), traced_(traced) { the_world = this; }

World* World::current() { return the_world; }

std::uint64_t World::spawn(Process process, std::function<void()> body) {
  auto fiber = std::make_unique<Fiber>();
  fiber->process = process;
  fiber->id = ++numbers_;
  fiber->body = std::move(body);
  if (process != 0) fiber->thread_locals = thread_locals().fresh;
  fiber->context = boost::context::fiber(std::allocator_arg, Stacks(), [this](boost::context::fiber&& scheduler) {
    scheduler_ = std::move(scheduler);
    enter();
    return std::move(scheduler_);  // never reached
  });
  fibers_.push_back(std::move(fiber));
  return numbers_;
}

void World::enter() {
  auto& self = *running_;
  self.body();
  self.ended = has_ended_ = true;
  wake(&self);
  leave();
}

void World::leave() {
  auto& self = *running_;
  self.caught_exceptions = exception_state().caught;
  self.uncaught_exceptions = exception_state().uncaught;
  scheduler_ = std::move(scheduler_).resume();
}

// Those of processes alone have any, and what runs between them uses none.
void World::load_thread_locals(Fiber& fiber) {
  if (fiber.process == 0 || &fiber == loaded_) return;
  const auto here = thread_locals().here;
  if (loaded_) std::memcpy(loaded_->thread_locals.data(), here.data(), here.size());
  std::memcpy(here.data(), fiber.thread_locals.data(), here.size());
  loaded_ = &fiber;
}

void World::resume(Fiber& fiber) {
  running_ = &fiber;
  load_thread_locals(fiber);
  exception_state() = {fiber.caught_exceptions, fiber.uncaught_exceptions};
  fiber.context = std::move(fiber.context).resume();
  exception_state() = {nullptr, 0};
  running_ = nullptr;
}

bool World::block(const void* on, Nanoseconds until) {
  if (!running_) {
    std::fputs("simulation: the scheduler itself would have to wait\n", stderr);
    std::abort();
  }
  auto& self = *running_;
  self.waits_for = on;
  self.until = until;
  self.woken = false;
  leave();
  self.waits_for = nullptr;
  return self.woken;
}

void World::wake(const void* on, int most) {
  for (auto& fiber : fibers_) {
    if (most == 0) return;
    if (fiber->waits_for != on || fiber->woken) continue;
    fiber->woken = true;
    --most;
  }
}

void World::join(std::uint64_t id) {
  for (;;) {
    const auto found = std::ranges::find(fibers_, id, &Fiber::id);
    if (found == fibers_.end() || (*found)->ended) return;
    block(found->get(), never);
  }
}

void World::at(Nanoseconds when, std::function<void()> happens) {
  happenings_.push_back({std::max(when, now), ++numbers_, std::move(happens)});
  std::ranges::push_heap(happenings_, std::greater<>());
}

void World::kill(Process process) {
  for (auto& fiber : fibers_) {
    if (fiber->process == process) fiber->ended = has_ended_ = true;
  }
}

void World::kill_fiber(std::uint64_t id) {
  const auto found = std::ranges::find(fibers_, id, &Fiber::id);
  if (found != fibers_.end()) (*found)->ended = has_ended_ = true;
}

void World::pause(Process process, Nanoseconds until) {
  const auto place = static_cast<size_t>(process);
  if (paused_until_.size() <= place) paused_until_.resize(place + 1);
  paused_until_[place] = until;
  last_pause_ = std::max(last_pause_, until);
}

Nanoseconds World::paused_until(Process process) const {
  const auto place = static_cast<size_t>(process);
  return place < paused_until_.size() ? paused_until_[place] : 0;
}

Nanoseconds World::ready_at(const Fiber& fiber) const {
  const auto ready = fiber.woken ? 0 : fiber.until;
  return last_pause_ > now ? std::max(ready, paused_until(fiber.process)) : ready;
}

void World::bury() {
  if (!std::exchange(has_ended_, false)) return;
  for (auto& fiber : fibers_) {
    if (fiber->ended) dead_.push_back(std::move(fiber));
  }
  std::erase(fibers_, nullptr);
}

World::Turn World::pick() {
  Turn turn;
  std::int64_t ready = 0;
  for (auto& fiber : fibers_) {
    const auto at = ready_at(*fiber);
    if (at > now) {
      turn.next = std::min(turn.next, at);
    } else if (random.once_in(++ready)) {
      turn.fiber = fiber.get();
    }
  }
  return turn;
}

void World::happen() {
  while (!happenings_.empty() && happenings_.front().when <= now) {
    std::ranges::pop_heap(happenings_, std::greater<>());
    const auto happens = std::move(happenings_.back().happens);
    happenings_.pop_back();
    happens();
  }
}

bool World::run(const std::function<bool()>& finished) {
  while (!finished()) {
    happen();
    bury();
    const auto turn = pick();
    if (turn.fiber) {
      now += random.between(1, 20) * microsecond;
      resume(*turn.fiber);
      continue;
    }
    const auto next = happenings_.empty() ? turn.next : std::min(turn.next, happenings_.front().when);
    if (next == never) return false;
    now = std::max(now, next);
  }
  return true;
}

void World::add_line() {
  for (const auto part : {static_cast<size_t>(now / microsecond), std::hash<std::string>()(line_)}) {
    trace_hash_ = (trace_hash_ ^ part) * 1099511628211U;
  }
  if (traced_)
    std::fprintf(stderr, "%12.6f  %s\n", static_cast<double>(now - 1'800'000'000 * second) / 1e9, line_.c_str());
}

}  // namespace holdfast::simulation
