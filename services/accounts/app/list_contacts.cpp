#include "accounts/app/accounts.h"
#include "accounts/app/find_account.h"
#include "accounts/store/accounts.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::accounts {

struct ContactPlace {
  ContactId id;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::ContactPlace> {
  static constexpr auto list = FieldList{Field{"id", &accounts::ContactPlace::id}};
};

namespace holdfast::accounts {

Result<Contact> get_contact(sql::Transaction& transaction, const GetContact& query) {
  auto contact = TRY((transaction.maybe<Contact>(statements::load_contact, query.id)));
  if (!contact) return fail(Reason::contact_not_found, "id", "there is no contact " + to_string(query.id));
  return *std::move(contact);
}

Result<ContactList> list_contacts(sql::Transaction& transaction, const ListContacts& query) {
  CHECK_OK(find_account(transaction, query.account_id, "account_id"));
  const auto page = TRY(sql::page_of<ContactPlace>(query));
  ContactList list;
  list.contacts = TRY((transaction.many<Contact>(statements::list_contacts, transaction.agency(), page.after,
                                                 page.limit(), query.account_id)));
  list.next_page_token = sql::next_page(page, list.contacts, [](const Contact& last) { return ContactPlace{last.id}; });
  return list;
}

}  // namespace holdfast::accounts
