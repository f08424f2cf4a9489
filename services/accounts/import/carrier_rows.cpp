#include <charconv>

#include "accounts/import/rows.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

// "2", "L2", "Level 2", "2nd".
std::optional<int> read_level(RowFacts& row) {
  const auto text = row.text(Field::carrier_contact_level);
  const auto digits = text.find_first_of("0123456789");
  if (text.empty()) return std::nullopt;
  int level = 0;
  if (digits != std::string::npos) std::from_chars(text.data() + digits, text.data() + text.size(), level);
  if (level >= 1 && level <= 20) return level;
  row.warn(Field::carrier_contact_level, Reason::value_not_understood, "this is no escalation level from 1 to 20");
  return std::nullopt;
}

void pair_contacts(Merge& merge, CarrierContact& kept, const CarrierContact& said) {
  merge.phone(Field::carrier_contact_phone, kept.phone, said.phone);
  merge.phone(Field::carrier_contact_after_hours, kept.after_hours, said.after_hours);
  merge.text(Field::carrier_contact_email, kept.email, said.email);
  merge.value(Field::carrier_contact_verified, kept.verified, said.verified);
}

}  // namespace

RowOutcome read_carrier_row(BookReading& reading, RowFacts& row) {
  Carrier carrier;
  carrier.place = row.place();
  carrier.name = row.carrier(Field::carrier);
  carrier.notes = row.note();
  if (row.rejected()) return {};
  if (const auto kept = reading.catalog.own_carrier(carrier.name)) {
    return merge_row(row, reading.book.carriers, *kept, carrier, [](Merge& merge, Carrier& one, const Carrier& said) {
      merge.text(Field::notes, one.notes, one.notes.empty() ? said.notes : one.notes);
    });
  }
  reading.catalog.add(carrier);
  return {};
}

RowOutcome read_carrier_contact_row(BookReading& reading, RowFacts& row) {
  CarrierContact contact;
  contact.place = row.place();
  contact.carrier = row.carrier(Field::carrier);
  const auto written = row.text(Field::carrier_contact_function);
  const auto meaning = row.reading().vocabulary.meaning(Field::carrier_contact_function, written);
  contact.function = meaning.value_or(written);  // an agency's own department is kept as it is called
  contact.level = read_level(row);
  contact.name = row.text(Field::carrier_contact_name);
  contact.phone = row.phone(Field::carrier_contact_phone);
  contact.after_hours = row.phone(Field::carrier_contact_after_hours);
  contact.email = row.email(Field::carrier_contact_email);
  contact.verified = row.date(Field::carrier_contact_verified);
  contact.notes = row.note();
  if (row.rejected()) return {};
  note_carrier(reading, row, contact.carrier);
  if (const auto kept = reading.catalog.own_carrier_contact(contact)) {
    return merge_row(row, reading.book.carrier_contacts, *kept, contact, pair_contacts);
  }
  reading.catalog.add(contact);
  return {};
}

RowOutcome read_carrier_account_row(BookReading& reading, RowFacts& row) {
  CarrierAccount account;
  account.place = row.place();
  account.carrier = row.carrier(Field::carrier);
  account.number = row.identifier(Field::carrier_account_number);
  const auto customer = named_account(reading, row);
  if (row.rejected()) return {};
  account.account = customer->name;
  note_carrier(reading, row, account.carrier);
  if (const auto kept = reading.catalog.own_carrier_account(account.carrier, account.number)) {
    return merge_row(row, reading.book.carrier_accounts, *kept, account,
                     [](Merge& merge, CarrierAccount& one, const CarrierAccount& said) {
                       merge.text(Field::account_name, one.account, said.account);
                     });
  }
  reading.catalog.add(account);
  return {};
}

void note_carrier(BookReading& reading, const RowFacts& row, const std::string& name) {
  if (!name.empty() && !reading.catalog.own_carrier(name)) reading.catalog.add(Carrier{row.place(), name, {}});
}

void note_carrier_account(BookReading& reading, const RowFacts& row, const std::string& carrier,
                          const std::string& number, const std::string& account) {
  if (number.empty() || carrier.empty()) return;
  if (reading.catalog.own_carrier_account(carrier, number)) return;
  reading.catalog.add(CarrierAccount{row.place(), carrier, number, account});
}

}  // namespace holdfast::accounts::import_book
