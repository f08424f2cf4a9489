#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace holdfast::accounts::import_book {

// Finds numbers by keys that it does not keep: some twelve bytes a number. Those whose keys hash alike are found
// together, and whoever asks sees to it which of them has the key.
class KeyIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  // The next number, from 0 on.
  void add(std::string_view key);

  // The numbers whose keys hash like this one, one after the other until none is left: the one that was added first,
  // and then in any order.
  std::uint32_t first_alike(std::string_view key) const;
  std::uint32_t next_alike(std::uint32_t number) const;

 private:
  struct Node {
    std::uint32_t hash;
    std::uint32_t next;
  };

  void link(std::uint32_t number);
  void widen();

  // Nodes that hash alike follow each other.
  std::deque<Node> nodes_;
  std::vector<std::uint32_t> heads_;  // by the last bits of the hash
};

}  // namespace holdfast::accounts::import_book
