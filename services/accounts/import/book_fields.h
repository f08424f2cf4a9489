#pragma once

#include "accounts/import/book.h"
#include "runtime/core/fields.h"

// What the records of a book consist of, for whoever stages them.
namespace holdfast {

template <>
struct Fields<accounts::Phone> {
  using T = accounts::Phone;
  static constexpr auto list = FieldList{Field{"e164", &T::e164}, Field{"extension", &T::extension}};
};

template <>
struct Fields<accounts::import_book::Account> {
  using T = accounts::import_book::Account;
  static constexpr auto list = FieldList{
      Field{"place", &T::place},   Field{"name", &T::name}, Field{"number", &T::number}, Field{"parent", &T::parent},
      Field{"status", &T::status}, Field{"rep", &T::rep},   Field{"since", &T::since},   Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::Location> {
  using T = accounts::import_book::Location;
  static constexpr auto list = FieldList{Field{"place", &T::place},
                                         Field{"account", &T::account},
                                         Field{"name", &T::name},
                                         Field{"street", &T::street},
                                         Field{"city", &T::city},
                                         Field{"state", &T::state},
                                         Field{"zip", &T::zip},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"zone_from", &T::zone_from},
                                         Field{"main_phone", &T::main_phone},
                                         Field{"status", &T::status},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::ContactSite> {
  using T = accounts::import_book::ContactSite;
  static constexpr auto list = FieldList{Field{"location", &T::location}, Field{"place", &T::place}};
};

template <>
struct Fields<accounts::import_book::Contact> {
  using T = accounts::import_book::Contact;
  static constexpr auto list = FieldList{
      Field{"place", &T::place}, Field{"account", &T::account}, Field{"name", &T::name},  Field{"title", &T::title},
      Field{"email", &T::email}, Field{"phone", &T::phone},     Field{"sites", &T::sites}};
};

template <>
struct Fields<accounts::import_book::Carrier> {
  using T = accounts::import_book::Carrier;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"name", &T::name}, Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::CarrierContact> {
  using T = accounts::import_book::CarrierContact;
  static constexpr auto list = FieldList{Field{"place", &T::place},
                                         Field{"carrier", &T::carrier},
                                         Field{"function", &T::function},
                                         Field{"level", &T::level},
                                         Field{"name", &T::name},
                                         Field{"phone", &T::phone},
                                         Field{"after_hours", &T::after_hours},
                                         Field{"email", &T::email},
                                         Field{"verified", &T::verified},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::CarrierAccount> {
  using T = accounts::import_book::CarrierAccount;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"carrier", &T::carrier},
                                         Field{"number", &T::number}, Field{"account", &T::account}};
};

template <>
struct Fields<accounts::import_book::Product> {
  using T = accounts::import_book::Product;
  static constexpr auto list = FieldList{Field{"place", &T::place},
                                         Field{"carrier", &T::carrier},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"account", &T::account},
                                         Field{"location", &T::location},
                                         Field{"carrier_account", &T::carrier_account},
                                         Field{"btn", &T::btn},
                                         Field{"type", &T::type},
                                         Field{"service", &T::service},
                                         Field{"speed", &T::speed},
                                         Field{"mrc", &T::mrc},
                                         Field{"nrc", &T::nrc},
                                         Field{"install", &T::install},
                                         Field{"terminated_on", &T::terminated_on},
                                         Field{"status", &T::status},
                                         Field{"contract", &T::contract},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::NoticePeriod> {
  using T = accounts::import_book::NoticePeriod;
  static constexpr auto list =
      FieldList{Field{"value", &T::value}, Field{"unit", &T::unit}, Field{"defaulted", &T::defaulted}};
};

template <>
struct Fields<accounts::import_book::EndOfTerm> {
  using T = accounts::import_book::EndOfTerm;
  static constexpr auto list = FieldList{Field{"action", &T::action}, Field{"later_term_months", &T::later_term_months},
                                         Field{"defaulted", &T::defaulted}};
};

template <>
struct Fields<accounts::import_book::Contract> {
  using T = accounts::import_book::Contract;
  static constexpr auto list = FieldList{Field{"place", &T::place},
                                         Field{"number", &T::number},
                                         Field{"account", &T::account},
                                         Field{"carrier", &T::carrier},
                                         Field{"carrier_account", &T::carrier_account},
                                         Field{"state", &T::state},
                                         Field{"signed_on", &T::signed_on},
                                         Field{"start", &T::start},
                                         Field{"term_months", &T::term_months},
                                         Field{"typed_end", &T::typed_end},
                                         Field{"initial_end", &T::initial_end},
                                         Field{"end_is_typed", &T::end_is_typed},
                                         Field{"open_ended", &T::open_ended},
                                         Field{"notice", &T::notice},
                                         Field{"end_of_term", &T::end_of_term},
                                         Field{"mrc", &T::mrc},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::Order> {
  using T = accounts::import_book::Order;
  static constexpr auto list = FieldList{
      Field{"place", &T::place},         Field{"kind", &T::kind},       Field{"by", &T::by},
      Field{"reference", &T::reference}, Field{"account", &T::account}, Field{"circuit_id", &T::circuit_id},
      Field{"carrier", &T::carrier},     Field{"gaining", &T::gaining}, Field{"carrier_account", &T::carrier_account},
      Field{"submitted", &T::submitted}, Field{"date", &T::date},       Field{"effective", &T::effective},
      Field{"held", &T::held},           Field{"status", &T::status},   Field{"confirmation", &T::confirmation},
      Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::import_book::RowVerdict> {
  using T = accounts::import_book::RowVerdict;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"verdict", &T::verdict},
                                         Field{"first_row", &T::first_row}, Field{"follows", &T::follows}};
};

template <>
struct Fields<accounts::import_book::Finding> {
  using T = accounts::import_book::Finding;
  static constexpr auto list =
      FieldList{Field{"place", &T::place},   Field{"rejects", &T::rejects}, Field{"reason", &T::reason},
                Field{"column", &T::column}, Field{"value", &T::value},     Field{"message", &T::message},
                Field{"first", &T::first}};
};

}  // namespace holdfast
