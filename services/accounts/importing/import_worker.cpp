#include "accounts/importing/import_worker.h"

#include <exception>
#include <utility>

#include "runtime/log/log.h"

namespace holdfast::accounts {
namespace {

using namespace std::chrono_literals;

constexpr auto worker_name = "accounts.imports";
// For one step: staging a book of a million rows is one transaction.
constexpr std::chrono::minutes step_patience{5};
constexpr auto note_patience = 5s;
// How soon an import is looked at again while another keeps this process busy, and after a step that failed.
constexpr auto busy_delay = 1s;
constexpr auto failed_delay = 2s;
// While files are read the lease is renewed this often.
constexpr auto renew_every = import_lease / 4;

}  // namespace

ImportWorker::ImportWorker(ImportWorkshop workshop, timers::Timers& timers)
    : workshop_(std::move(workshop)), thread_([this](std::stop_token stop) { run(std::move(stop)); }) {
  timers.on_slice(std::string(import_timer), [this](std::span<timers::Firing> slice) -> Result<> {
    bool free = is_free();
    for (auto& firing : slice) CHECK_OK(fire(firing, free));
    return {};
  });
}

void ImportWorker::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

Result<> ImportWorker::fire(timers::Firing& firing, bool& free) {
  const ImportId import{firing.subject};
  const auto due = TRY(import_is_due(firing.unit, import));
  if (!due) return {};
  if (!std::exchange(free, false)) {
    firing.next_due = firing.now + busy_delay;
    return {};
  }
  firing.next_due = firing.now + import_lease;
  const Job job{firing.unit.agency(), import};
  firing.unit.after_commit.push_back([this, job] { give(job); });
  return {};
}

// Whether the thread has nothing to do.
bool ImportWorker::is_free() {
  const std::lock_guard lock(mutex_);
  return !busy_ && !given_;
}

void ImportWorker::give(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    if (!given_) given_ = job;  // else its lease ends, and it is given again
  }
  came_.notify_one();
}

void ImportWorker::run(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (came_.wait(lock, stop, [this] { return given_.has_value(); })) {
    if (stop.stop_requested()) return;
    const auto job = *std::exchange(given_, std::nullopt);
    busy_ = true;
    lock.unlock();
    work_on(job, stop);
    lock.lock();
    busy_ = false;
  }
}

void ImportWorker::work_on(const Job& job, const std::stop_token& stop) {
  while (true) {
    const auto outcome = step(job, stop);
    if (!outcome) return note_failure(job, outcome.error());
    ++steps_;
    if (*outcome == StepOutcome::over) return;
    if (stop.stop_requested()) return postpone(job, Duration{0});
  }
}

Result<StepOutcome> ImportWorker::step(const Job& job, const std::stop_token& stop) {
  auto renewed_at = std::chrono::steady_clock::now();
  const auto goes_on = [&] {
    const auto now = std::chrono::steady_clock::now();
    if (now - renewed_at >= renew_every) {
      renewed_at = now;
      postpone(job, import_lease);
    }
    return !stop.stop_requested();
  };
  const auto call = service_call(job.agency, worker_name, step_patience);
  const log::Scope scope(call);
  try {
    return import_step(workshop_, call, job.import, goes_on);
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("a step of an import threw: ") + thrown.what());
  }
}

void ImportWorker::note_failure(const Job& job, const Error& error) {
  if (error.code() == Code::cancelled) return postpone(job, Duration{0});
  ++failed_steps_;
  const auto call = service_call(job.agency, worker_name, note_patience);
  const log::Scope scope(call);
  log::warn("a step of an import failed; it is tried again",
            {{"import_id", to_string(job.import)}, {"error", describe(error)}});
  postpone(job, failed_delay);
  if (error.retry() != Retry::never) return;
  if (const auto noted = note_failed_step(workshop_, call, job.import, error); !noted) {
    log::warn("that was not noted", {{"error", describe(noted.error())}});
  }
}

// What fails here costs only time: somebody goes on when the lease ends, at the worst beside this process.
void ImportWorker::postpone(const Job& job, Duration by) {
  const auto call = service_call(job.agency, worker_name, note_patience);
  const auto postponed = postpone_import(workshop_, call, job.import, by);
  if (!postponed) log::warn("an import's timer was not set", {{"error", describe(postponed.error())}});
}

}  // namespace holdfast::accounts
