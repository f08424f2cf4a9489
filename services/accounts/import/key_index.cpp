#include "accounts/import/key_index.h"

#include <functional>

namespace holdfast::accounts::import_book {
namespace {

constexpr std::size_t fewest_heads = 16;

std::uint32_t hash_of(std::string_view key) {
  const std::uint64_t hash = std::hash<std::string_view>()(key);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

void KeyIndex::add(std::string_view key) {
  if (nodes_.size() == heads_.size()) widen();
  nodes_.push_back({hash_of(key), none});
  link(static_cast<std::uint32_t>(nodes_.size() - 1));
}

// Behind the first one that hashes alike, so that many of one key do not make it slow to add another.
void KeyIndex::link(std::uint32_t number) {
  auto& node = nodes_[number];
  auto& head = heads_[node.hash & (heads_.size() - 1)];
  auto alike = head;
  while (alike != none && nodes_[alike].hash != node.hash) alike = nodes_[alike].next;
  auto& before = alike == none ? head : nodes_[alike].next;
  node.next = before;
  before = number;
}

void KeyIndex::widen() {
  heads_.assign(heads_.empty() ? fewest_heads : 2 * heads_.size(), none);
  for (std::uint32_t number = 0; number < nodes_.size(); ++number) link(number);
}

std::uint32_t KeyIndex::first_alike(std::string_view key) const {
  if (heads_.empty()) return none;
  const auto hash = hash_of(key);
  auto number = heads_[hash & (heads_.size() - 1)];
  while (number != none && nodes_[number].hash != hash) number = nodes_[number].next;
  return number;
}

std::uint32_t KeyIndex::next_alike(std::uint32_t number) const {
  const auto next = nodes_[number].next;
  return next != none && nodes_[next].hash == nodes_[number].hash ? next : none;
}

}  // namespace holdfast::accounts::import_book
