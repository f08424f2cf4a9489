#include "accounts/import/row_facts.h"

#include <algorithm>

#include "accounts/domain/email.h"
#include "accounts/import/amounts.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::size_t shown_value_bytes = 200;

bool holds_something(const Cell& cell) {
  return cell.kind != Cell::Kind::empty && (cell.kind != Cell::Kind::text || !clean(clipped(cell.text, 1000)).empty());
}

}  // namespace

RowFacts::RowFacts(TableReading& reading, const Row& row) : reading_(reading), row_(row) {
  const auto& continued = reading.sheet->continues_when_empty;
  continues_ =
      !continued.empty() && std::ranges::none_of(continued, [&](Field field) { return find(field) != nullptr; });
  if (reading.header.repeats(row)) {
    reject_row(Reason::repeated_header, "the row repeats the headings");
    return;
  }
  check_required();
  if (rejected() || continues_) return;
  reading.carried.clear();
  for (const auto field : continued) {
    if (const auto* cell = find(field)) reading.carried[field] = *cell;
  }
}

const Cell* RowFacts::find(Field field) const {
  if (continues_) {
    const auto carried = reading_.carried.find(field);
    if (carried != reading_.carried.end()) return &carried->second;
  }
  const auto columns = reading_.header.columns.find(field);
  if (columns == reading_.header.columns.end()) return nullptr;
  for (const auto column : columns->second) {
    if (column < row_.cells.size() && holds_something(row_.cells[column])) return &row_.cells[column];
  }
  return nullptr;
}

void RowFacts::check_required() {
  for (const auto field : reading_.sheet->required) {
    const auto* cell = find(field);
    if (cell == nullptr && !reading_.sheet->defaults.contains(field)) {
      return reject(field, Reason::field_required, std::string(name_of(field)) + " is empty");
    }
    if (cell != nullptr && cell->kind == Cell::Kind::error) {
      return reject(field, Reason::cell_error, "the cell shows an error of the spreadsheet instead of a value");
    }
  }
}

std::string RowFacts::value_of(Field field) const {
  const auto* cell = find(field);
  return cell == nullptr ? std::string() : std::string(clipped(cell->text, shown_value_bytes));
}

Finding RowFacts::finding(Field field, Reason reason, std::string message, RowPlace first) const {
  return {place(), false, reason, reading_.header.heading(field), value_of(field), std::move(message), first};
}

void RowFacts::warn(Field field, Reason reason, std::string message, RowPlace first) {
  warnings_.push_back({field, finding(field, reason, std::move(message), first)});
}

void RowFacts::reject(Field field, Reason reason, std::string message, RowPlace first) {
  if (rejection_) return;
  rejection_ = finding(field, reason, std::move(message), first);
  rejection_->rejects = true;
}

void RowFacts::reject_row(Reason reason, std::string message) {
  if (!rejection_) rejection_ = Finding{place(), true, reason, {}, {}, std::move(message), {}};
}

std::string RowFacts::fallback(Field field) const {
  const auto found = reading_.sheet->defaults.find(field);
  return found == reading_.sheet->defaults.end() ? std::string() : found->second;
}

const Cell* RowFacts::readable(Field field, std::size_t bytes) {
  const auto* cell = find(field);
  if (cell == nullptr) return nullptr;
  if (cell->kind == Cell::Kind::too_long || cell->text.size() > bytes) {
    reject(field, Reason::field_too_long, "the cell holds more than " + std::to_string(bytes) + " bytes");
    return nullptr;
  }
  if (cell->kind == Cell::Kind::error) {
    warn(field, Reason::cell_error, "the cell shows an error of the spreadsheet instead of a value");
    return nullptr;
  }
  if (cell->formula && cell->kind == Cell::Kind::text) {
    warn(field, Reason::formula_text, "the cell holds a formula: kept as text, never evaluated");
  }
  return cell;
}

std::string RowFacts::text(Field field, bool with_default) {
  const auto* cell = readable(field, reading_.name_bytes);
  if (cell != nullptr) return clean(cell->text);
  return with_default && !has(field) ? fallback(field) : std::string();
}

std::string RowFacts::address(Field field) {
  const auto* cell = readable(field, reading_.name_bytes);
  if (cell == nullptr) return {};
  std::string line;
  for (const char c : cell->text) {
    if (c == '\n')
      line += ", ";
    else
      line += c;
  }
  return clean(line);
}

std::string RowFacts::note() {
  const auto* cell = readable(Field::notes, reading_.note_bytes);
  return cell == nullptr ? std::string() : clean(cell->text);
}

std::string RowFacts::identifier(Field field) {
  const auto* cell = find(field);
  if (cell == nullptr || !is_lossy_number(*cell)) return text(field);
  const auto* message = "a spreadsheet has rounded the number: its last digits are lost";
  const bool required = std::ranges::find(reading_.sheet->required, field) != reading_.sheet->required.end();
  if (required)
    reject(field, Reason::lossy_number, message);
  else
    warn(field, Reason::lossy_number, message);
  return {};
}

std::optional<Date> RowFacts::date(Field field) {
  const auto* cell = readable(field, reading_.name_bytes);
  if (cell == nullptr) return std::nullopt;
  if (reading_.vocabulary.is_unknown(cell->text)) {
    warn(field, Reason::date_unknown, "the date is not known yet");
    return std::nullopt;
  }
  const auto reading = read_date(*cell, reading_.dates);
  if (reading.kind == DateReading::Kind::date) return reading.date;
  if (reading.kind == DateReading::Kind::imprecise) {
    warn(field, Reason::date_imprecise, "no day is given, so no date is kept");
  } else {
    reject(field, Reason::date_invalid, "there is no such date");
  }
  return std::nullopt;
}

std::optional<Money> RowFacts::money(Field field) {
  const auto* cell = readable(field, reading_.name_bytes);
  if (cell == nullptr) return std::nullopt;
  if (reading_.vocabulary.is_zero(cell->text)) return Money{0};
  if (reading_.vocabulary.is_unknown(cell->text)) {
    warn(field, Reason::money_unknown, "the amount is not known yet");
    return std::nullopt;
  }
  if (const auto cents = read_cents(*cell)) return Money{*cents};
  reject(field, Reason::money_invalid, "this is no amount of money");
  return std::nullopt;
}

Phone RowFacts::phone(Field field) {
  const auto* cell = readable(field, reading_.name_bytes);
  if (cell == nullptr || reading_.vocabulary.is_unknown(cell->text)) return {};
  if (is_lossy_number(*cell)) {
    warn(field, Reason::lossy_number, "a spreadsheet has rounded the number: its last digits are lost");
    return {};
  }
  auto reading = reading_.phones->read(cell->text);
  switch (reading.kind) {
    case PhoneReading::Kind::phone:
      break;
    case PhoneReading::Kind::several:
      warn(field, Reason::multiple_phones, "several numbers in one cell: the first is kept");
      break;
    case PhoneReading::Kind::incomplete:
      warn(field, Reason::phone_incomplete, "the area code is missing, so no number is kept");
      break;
    case PhoneReading::Kind::invalid:
      warn(field, Reason::phone_invalid, "this is no telephone number, so none is kept");
      break;
  }
  return std::move(reading.phone);
}

std::string RowFacts::email(Field field) {
  const auto* cell = readable(field, reading_.name_bytes);
  if (cell == nullptr || reading_.vocabulary.is_unknown(cell->text)) return {};
  auto address = parse_email(cell->text);
  if (address.empty()) warn(field, Reason::email_invalid, "this is no e-mail address, so none is kept");
  return address;
}

std::string RowFacts::carrier(Field field) {
  const auto name = text(field);
  return name.empty() ? name : reading_.carriers->proper(name);
}

std::optional<std::string> RowFacts::meaning(Field field) {
  const auto written = text(field, false);
  const auto standard = fallback(field);
  if (!written.empty()) {
    if (auto meaning = reading_.vocabulary.meaning(field, written)) return meaning;
    warn(field, Reason::value_not_understood,
         "nobody has said what this word means" + (standard.empty() ? "" : ": taken as " + standard));
  }
  if (standard.empty()) return std::nullopt;
  const auto meaning = reading_.vocabulary.meaning(field, standard);
  return meaning ? meaning : standard;
}

}  // namespace holdfast::accounts::import_book
