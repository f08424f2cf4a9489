#include <algorithm>

#include "accounts/import/rows.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::chrono::days disconnect_notice{30};  // R1

void pair_orders(Merge& merge, Order& kept, const Order& said) {
  merge.text(Field::account_name, kept.account, said.account);
  merge.text(Field::order_gaining, kept.gaining, said.gaining);
  merge.value(Field::order_submitted, kept.submitted, said.submitted);
  merge.value(Field::order_date, kept.date, said.date);
  merge.value(Field::order_status, kept.status, said.status);
}

std::optional<OrderKind> order_kind(RowFacts& row) {
  const auto kind = row.reading().sheet->row_is;
  if (kind == RowKind::port) return OrderKind::port;
  if (kind == RowKind::disconnect) return OrderKind::disconnect;
  const auto meaning = row.meaning(Field::order_kind);
  if (meaning && *meaning == "port") return OrderKind::port;
  if (meaning && *meaning == "disconnect") return OrderKind::disconnect;
  row.reject(Field::order_kind, Reason::value_not_understood, "neither a port nor a disconnect");
  return std::nullopt;
}

std::optional<OrderStatus> order_status(RowFacts& row) {
  const auto meaning = row.meaning(Field::order_status);
  if (!meaning) return std::nullopt;
  if (*meaning == "draft") return OrderStatus::draft;
  if (*meaning == "focReceived") return OrderStatus::foc_received;
  if (*meaning == "completed") return OrderStatus::completed;
  if (*meaning == "rejected") return OrderStatus::rejected;
  return *meaning == "cancelled" ? OrderStatus::cancelled : OrderStatus::submitted;
}

// Of several products, the one that is likeliest meant: with the carrier named, and still in service.
std::optional<Product> likeliest(const std::vector<Product>& products, const std::string& account,
                                 const std::string& carrier) {
  std::optional<Product> best;
  int best_score = -1;
  for (const auto& product : products) {
    if (fold(product.account) != fold(account)) continue;
    const int score =
        (fold(product.carrier) == fold(carrier) ? 2 : 0) + (product.status != ProductStatus::terminated ? 1 : 0);
    if (score > best_score) best = product;
    best_score = std::max(score, best_score);
  }
  return best;
}

// What the reference names: a billing number first, for a line's number is its circuit ID as well.
std::optional<Product> find_product(BookReading& reading, RowFacts& row, Order& order) {
  const auto written = row.identifier(Field::order_ref);
  const auto phone = row.reading().phones->read(written).phone;
  if (!phone.e164.empty()) {
    if (auto product = likeliest(reading.catalog.products_with_btn(phone.e164), order.account, order.carrier)) {
      order.by = ReferenceKind::btn;
      order.reference = phone.e164;
      return product;
    }
  }
  auto product =
      likeliest(reading.catalog.products_with_circuit(identifier_key(written)), order.account, order.carrier);
  if (!product) {
    row.reject(Field::order_ref, Reason::unknown_product, "the customer has no product of this number");
    return std::nullopt;
  }
  order.by = ReferenceKind::circuit;
  order.reference = product->circuit_id;
  return product;
}

bool is_over(const Order& order) {
  return order.status == OrderStatus::completed || order.status == OrderStatus::cancelled;
}

// What a port blocks: its carrier account; where the book names none, the number itself.
std::string blocked_key(const Order& order) {
  return fold(order.carrier) + '\x1f' + (order.carrier_account.empty() ? "#" + order.reference : order.carrier_account);
}

// Of other orders there is none.
std::string open_port_key(const Order& order) {
  return order.kind == OrderKind::port && !is_over(order) ? blocked_key(order) : std::string();
}

}  // namespace

RowOutcome read_order_row(BookReading& reading, RowFacts& row) {
  Order order;
  order.place = row.place();
  const auto kind = order_kind(row);
  order.carrier = row.carrier(row.has(Field::order_losing) ? Field::order_losing : Field::carrier);
  order.gaining = row.carrier(Field::order_gaining);
  order.submitted = row.date(Field::order_submitted);
  order.date = row.date(Field::order_date);
  order.status = order_status(row);
  order.confirmation = row.identifier(Field::order_confirmation);
  order.notes = row.note();
  const auto account = named_account(reading, row);
  if (row.rejected()) return {};
  order.account = account->name;
  const auto product = find_product(reading, row, order);
  if (!product) return {};
  order.kind = *kind;
  order.circuit_id = product->circuit_id;
  order.carrier_account = product->carrier_account;
  if (order.carrier.empty()) order.carrier = product->carrier;
  if (order.kind == OrderKind::disconnect && order.submitted) {
    order.effective = std::max(*order.submitted + disconnect_notice, order.date.value_or(Date::min()));
  }
  note_carrier(reading, row, order.carrier);
  note_carrier(reading, row, order.gaining);
  if (const auto kept = reading.catalog.own_order(order)) {
    return merge_row(row, reading.book.orders, *kept, order, pair_orders);
  }
  reading.catalog.add(order);
  return {};
}

void settle_holds(BookReading& reading) {
  const auto ports_of = [](const Book& book) {
    RecordIndex<Order> ports(book.orders, open_port_key);
    for (const auto& order : book.orders) ports.add(order);
    return ports;
  };
  const auto own = ports_of(reading.book), theirs = ports_of(reading.catalog.known());
  for (std::size_t at = 0; at < reading.book.orders.size(); ++at) {
    auto order = reading.book.orders[at];
    const auto key = blocked_key(order);
    order.held = order.kind == OrderKind::disconnect && (own.first(key) || theirs.first(key));
    if (order.held) reading.book.orders.set(at, order);
  }
}

}  // namespace holdfast::accounts::import_book
