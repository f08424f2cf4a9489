#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/phone.h"
#include "accounts/import/mapping.h"
#include "accounts/import/records.h"
#include "accounts/import/table.h"
#include "runtime/core/money.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

// What a book says, as typed records that refer to each other by their keys, and a verdict for every row read.
// Texts are cleaned (blanks collapsed) and otherwise as first written; an empty text is "not said".
namespace holdfast::accounts::import_book {

enum class AccountStatus { active, prospect, closed };

struct Account {
  RowPlace place;
  std::string name;  // key: fold(name)
  std::string number;
  std::string parent;  // an account's name; resolved, without cycles
  std::optional<AccountStatus> status;
  std::string rep;
  std::optional<Date> since;
  std::string notes;
};

enum class LocationStatus { active, planned, closed };
enum class ZoneSource { none, stated, state, zip };

struct Location {
  RowPlace place;
  std::string account;
  std::string name;  // key: account and fold(name)
  std::string street, city, state, zip;
  std::string time_zone;  // IANA; empty when nothing tells it
  ZoneSource zone_from = ZoneSource::none;
  Phone main_phone;
  std::optional<LocationStatus> status;
  std::string notes;
};

// A contact at one of its locations, and the row that says so.
struct ContactSite {
  std::string location;
  RowPlace place;
};

struct Contact {
  RowPlace place;
  std::string account;
  std::string name;  // key: account and fold(name); one person may serve several locations
  std::string title;
  std::string email;
  Phone phone;
  std::vector<ContactSite> sites;
};

struct Carrier {
  RowPlace place;
  std::string name;  // key: fold(name); the carrier's proper name where the mapping or the trade's list knows it
  std::string notes;
};

struct CarrierContact {
  RowPlace place;
  std::string carrier;
  std::string function;  // repair, billing, orders, escalation, ... key: carrier, function, level, fold(name)
  std::optional<int> level;
  std::string name;
  Phone phone, after_hours;
  std::string email;
  std::optional<Date> verified;
  std::string notes;
};

struct CarrierAccount {
  RowPlace place;
  std::string carrier;
  std::string number;  // key: carrier and identifier_key(number)
  std::string account;
};

enum class ProductStatus { active, pending_active, suspended, terminated };

struct Product {
  RowPlace place;
  std::string carrier;
  std::string circuit_id;  // key: carrier and identifier_key(circuit_id), unique among those not terminated
  std::string account;
  std::string location;         // empty when the book names none
  std::string carrier_account;  // identifier_key of its number
  Phone btn;
  std::string type;     // circuit, trunk, line, tollFree, wireless, seat, other
  std::string service;  // as written: DIA, POTS
  std::string speed;
  std::optional<Money> mrc, nrc;
  std::optional<Date> install, terminated_on;
  std::optional<ProductStatus> status;
  std::string contract;  // a contract's number
  std::string notes;

  bool operator==(const Product&) const = default;
};

enum class EndAction { roll, auto_renew, auto_disconnect };
enum class NoticeUnit { calendar_days, calendar_months, business_days };
enum class ContractState {
  active,
  in_process
};  // whether it has expired is a question of the day: the rules' business

struct NoticePeriod {
  int value = 0;
  NoticeUnit unit = NoticeUnit::calendar_days;
  bool defaulted = false;  // the file says nothing, the mapping's default stands

  bool operator==(const NoticePeriod&) const = default;
};

// What happens when a term ends.
struct EndOfTerm {
  EndAction action = EndAction::roll;
  std::optional<int> later_term_months;  // of each later term; nothing for auto_disconnect
  bool defaulted = false;                // the file says nothing, the mapping's default stands

  bool operator==(const EndOfTerm&) const = default;
};

struct Contract {
  RowPlace place;
  std::string number;  // key: fold(number)
  std::string account;
  std::string carrier;
  std::string carrier_account;  // identifier_key of its number; mostly not said
  ContractState state = ContractState::active;
  std::optional<Date> signed_on, start;
  std::optional<int> term_months;  // as said, or as start and end give it
  std::optional<Date> typed_end;   // as typed
  std::optional<Date>
      initial_end;            // the first term's last day that stands: by R27, or the typed one where that is believed
  bool end_is_typed = false;  // initial_end is the typed one, against or without R27: later terms count from it
  bool open_ended = false;    // month to month already: no end, no deadline
  NoticePeriod notice;
  EndOfTerm end_of_term;
  std::optional<Money> mrc;
  std::string time_zone;  // of the account's first location in the book; empty when that has none
  std::string notes;
};

enum class OrderKind { port, disconnect };
enum class OrderStatus { draft, submitted, foc_received, completed, rejected, cancelled };
enum class ReferenceKind { btn, circuit };

struct Order {
  RowPlace place;
  OrderKind kind = OrderKind::port;
  ReferenceKind by = ReferenceKind::btn;
  std::string reference;  // E.164 of the BTN, or the circuit ID as the product has it
  std::string account;
  std::string circuit_id;       // of the product meant
  std::string carrier;          // that loses the number, or that is told to disconnect
  std::string gaining;          // ports only
  std::string carrier_account;  // the product's
  std::optional<Date> submitted;
  std::optional<Date> date;  // a port's firm order commitment; the day a disconnect is asked for
  std::optional<Date>
      effective;      // disconnects, once submitted: the later of submitted + 30 days and the day asked for (R1)
  bool held = false;  // disconnects: a port on the same carrier account is not over (R5, I1)
  std::optional<OrderStatus> status;
  std::string confirmation;  // key: kind, carrier, identifier_key(reference), and this number or the day submitted
  std::string notes;
};

enum class Verdict : std::uint8_t {
  created,    // the row brought at least one record that no earlier row had
  updated,    // it only added what earlier rows left open
  unchanged,  // it repeats first_row
  rejected,
};

struct RowVerdict {
  RowPlace place;
  Verdict verdict = Verdict::created;
  std::uint32_t first_row = 0;  // of the same table, mostly; see Finding::first
  // The row that brought somebody of whom this one only tells another site; row 0: none.
  RowPlace follows;
};

// Why a row was rejected, or what somebody should look at in a row that was not.
struct Finding {
  RowPlace place;
  bool rejects = false;
  Reason reason = Reason::internal;
  std::string column;   // the heading as typed; empty when the whole row is meant
  std::string value;    // what the cell says, clipped to 200 bytes
  std::string message;  // one sentence for a person
  RowPlace first;       // the row that this one repeats or contradicts; row 0: none
};

struct TableSummary {
  std::string name, file;
  bool ignored = false;
  std::string why_ignored;
  std::uint32_t header_row = 0;
  std::uint32_t rows_read = 0, created = 0, updated = 0, unchanged = 0, rejected = 0;  // they add up
};

struct Book {
  std::shared_ptr<Spool> spool = std::make_shared<Spool>();  // holds them all; once it has failed the book is worthless
  Records<Account> accounts{spool};
  Records<Location> locations{spool};
  Records<Contact> contacts{spool};
  Records<Carrier> carriers{spool};
  Records<CarrierContact> carrier_contacts{spool};
  Records<CarrierAccount> carrier_accounts{spool};
  Records<Product> products{spool};
  Records<Contract> contracts{spool};
  Records<Order> orders{spool};
  std::vector<TableSummary> tables;           // in the order given
  PlacedRecords<RowVerdict> verdicts{spool};  // every row read, by table and row
  PlacedRecords<Finding> findings{spool};     // by table and row
};

class KnownBook;

struct InterpretOptions {
  // What the agency already has: rows may refer to it. Its records are not repeated in the answer, and whether a row
  // changes one of them is for whoever applies the answer to tell. It outlives the call.
  KnownBook* known = nullptr;
  bool hidden_sheets = false;
  std::size_t name_bytes = 500;     // a longer name or number rejects its row
  std::size_t note_bytes = 10'000;  // a longer note too
  std::size_t rows = 1'000'000;     // of all tables together: what finds them stays in memory
};

// Reads every table once, and asks for what the agency has of what some hundred rows mention together. Fails only when
// that fails, or when a file is damaged, exceeds a limit, or does not have the columns that the mapping names;
// everything else is a verdict. Of what the book says only the places in its spool and the hashes of keys stay in
// memory.
Result<Book> interpret(const Tables& tables, const Mapping& mapping, const InterpretOptions& options = {});

}  // namespace holdfast::accounts::import_book
