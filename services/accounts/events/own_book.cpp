#include "accounts/events/own_book.h"

#include "accounts/app/drop_cards.h"

namespace holdfast::accounts {

void follow_own_book(events::Consumer& consumer, CardCache& cache) {
  for (const auto& own : own_events()) {
    consumer.on(own.handler, own.type,
                [&own, &cache](events::UnitOfWork& work, const events::Event& event) -> Result<> {
                  Touched touched;
                  CHECK_OK(own.touch(touched, event));
                  return drop_with_commit(work, touched, cache);
                });
  }
}

}  // namespace holdfast::accounts
