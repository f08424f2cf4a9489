#include "accounts/app/watched_table.h"

namespace holdfast::accounts {
namespace {

using import_book::Row;
using import_book::Table;

constexpr std::uint32_t rows_between_questions = 500;

class WatchedTable final : public Table {
 public:
  WatchedTable(const Table& table, const std::function<bool()>& goes_on)
      : Table(table.name(), table.file(), table.hidden(), table.serial_zero()), table_(table), goes_on_(goes_on) {}

  Result<Unit> each_row(const std::function<bool(const Row&)>& visit) const override {
    std::uint32_t rows = 0;
    bool given_up = false;
    CHECK_OK(table_.each_row([&](const Row& row) {
      given_up = rows++ % rows_between_questions == 0 && !goes_on_();
      return !given_up && visit(row);
    }));
    if (given_up) return fail(Reason::cancelled, "reading was given up");
    return Unit{};
  }

 private:
  const Table& table_;
  const std::function<bool()>& goes_on_;
};

}  // namespace

import_book::Tables watched(const import_book::Tables& tables, const std::function<bool()>& goes_on) {
  import_book::Tables all;
  for (const auto& table : tables) all.push_back(std::make_unique<WatchedTable>(*table, goes_on));
  return all;
}

}  // namespace holdfast::accounts
