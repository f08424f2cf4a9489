#include "notifications/app/mails.h"

#include "notifications/events/reactions.h"

namespace holdfast::notifications {
namespace {

template <class Fact>
AccountId account_of(const Fact& fact) {
  if constexpr (requires { fact.ticket; }) {
    return fact.ticket.account_id;
  } else {
    return fact.contract.account_id;
  }
}

// Somebody is told of a fact; what is not known of its account and assignee yet is learned from the book's owner.
template <HasFields Fact>
void tell_on(events::Consumer& consumer, std::string_view name, const Desk& desk, const Learning& learn) {
  consumer.on<Fact>(
      "notifications." + std::string(name),
      [&desk](events::UnitOfWork& work, const Fact& fact, const events::Event& event) {
        return tell_of(work, desk, fact, {event.id, event.occurred_at});
      },
      [learn](const Call& call, const Fact& fact, const Error& error) -> Result<bool> {
        if (error.code() != Code::not_found) return false;
        const auto known = TRY(learn.account(call, account_of(fact)));
        if constexpr (requires { fact.ticket; }) TRY(learn.staff(call, fact.ticket.owner_id));
        return known;
      });
}

template <template <class> class Mail, class... Fact>
void tell_on_each(events::Consumer& consumer, const std::tuple<Mail<Fact>...>& mails, const Desk& desk,
                  const Learning& learn) {
  (tell_on<Fact>(consumer, holdfast::to_string(std::get<Mail<Fact>>(mails).mail), desk, learn), ...);
}

}  // namespace

void send_mails(events::Consumer& consumer, const Desk& desk, const Learning& learn) {
  tell_on_each(consumer, ticket_mails, desk, learn);
  tell_on_each(consumer, contract_mails, desk, learn);
  tell_on<ContractExpiring>(consumer, "contract_expiring", desk, learn);
  tell_on<NoticeSent>(consumer, "notice_sent", desk, learn);
  tell_on<ContractAmended>(consumer, "contract_amended", desk, learn);
}

}  // namespace holdfast::notifications
