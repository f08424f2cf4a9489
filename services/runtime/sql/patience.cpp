#include "runtime/sql/patience.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::sql {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void Patience::until(Deadline deadline, std::stop_token stop) {
  when_stopped_.reset();  // waits for it, if it is ringing
  if (stopped()) wakeup_.quiet();
  deadline_ = deadline;
  stop_ = std::move(stop);
  if (stop_.stop_possible()) when_stopped_.emplace(stop_, Ring{wakeup_});
}

Result<> Patience::may_begin() const {
  if (stopped()) return fail(Reason::cancelled, "the caller went away");
  if (steady_clock::now() >= deadline_) return fail(Reason::deadline_exceeded, "the deadline passed");
  return {};
}

// An answer has the grace even so: a commit's is mostly on its way, and so is the server's own end of a statement whose
// deadline it was that ended the call.
void Patience::notice_stop() {
  if (!when_stopped_ || !stopped()) return;
  when_stopped_.reset();
  deadline_ = std::min(deadline_, steady_clock::now());
}

bool Patience::wait_for(int socket, short events, bool silent_is_idle) {
  constexpr milliseconds look_again{10}, longest{60'000};
  notice_stop();
  std::array waited{pollfd{socket, events, 0}, pollfd{wakeup_.descriptor(), POLLIN, 0}};
  const auto left = std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now());
  const auto patience = std::max(std::min(left, longest) + grace, milliseconds(0));
  const auto timeout = silent_is_idle ? patience : std::min(patience, look_again);
  const int ready = ::poll(waited.data(), when_stopped_ ? 2 : 1, static_cast<int>(timeout.count()));
  if (ready == 1 && waited[1].revents != 0) return wait_for(socket, events, silent_is_idle);
  return ready != 0 || patience > timeout || left > longest;  // what poll itself finds wrong libpq will tell
}

}  // namespace holdfast::sql
