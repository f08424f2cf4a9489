#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/core/money.h"
#include "runtime/core/result.h"

namespace holdfast {

// One member of a struct under the one name that it has everywhere: column, message field, error path.
template <class Owner, class Member>
struct Field {
  const char* name;
  Member Owner::*member;
};

template <class Owner, class Member>
Field(const char*, Member Owner::*) -> Field<Owner, Member>;

template <size_t Index, class Each>
struct Placed {
  Each field;
};

template <class Indices, class... Each>
struct FieldList;

// The fields of a struct, in order. Every file instantiates dozens of lists: as std::tuples they took up to a fifth
// more time to compile, and a quarter more memory.
template <size_t... Index, class... Each>
struct FieldList<std::index_sequence<Index...>, Each...> : Placed<Index, Each>... {
  static constexpr size_t size = sizeof...(Each);

  // visit(field...), once.
  template <class Visit>
  constexpr decltype(auto) apply(Visit visit) const {
    return visit(Placed<Index, Each>::field...);
  }
};

template <class... Each>
FieldList(Each...) -> FieldList<std::index_sequence_for<Each...>, Each...>;

// What a struct consists of. Specialised once beside the struct; rows (runtime/sql) and messages (runtime/wire) follow:
//   template <> struct Fields<Ticket> {
//     static constexpr auto list = FieldList{Field{"id", &Ticket::id}, Field{"name", &Ticket::name}};
//   };
template <class T>
struct Fields;

template <class T>
concept HasFields = requires {
  Fields<T>::list;
};

namespace detail {

// Initialises a member of any type; only ever named, never run.
struct AnyMember {
  template <class Member>
  operator Member() const;
};

template <class T, size_t... Index>
consteval bool takes_initialisers(std::index_sequence<Index...>) {
  return requires { T{(static_cast<void>(Index), AnyMember())...}; };
}

}  // namespace detail

// An aggregate has as many members as it takes initialisers.
template <class T, size_t Count>
inline constexpr bool has_members = detail::takes_initialisers<T>(std::make_index_sequence<Count>()) &&
                                    !detail::takes_initialisers<T>(std::make_index_sequence<Count + 1>());

// Fields<T>::list, checked: a member that it forgets would be neither stored nor sent, and nobody would notice.
template <HasFields T>
consteval const auto& fields_of() {
  static_assert(has_members<T, Fields<T>::list.size>,
                "Fields<T>::list names each member of T once, and T is an aggregate");
  return Fields<T>::list;
}

// visit(name, value.*member) for each field, in order.
template <class T, class Visit>
requires HasFields<std::remove_const_t<T>>
void for_each_field([[maybe_unused]] T& value, [[maybe_unused]] Visit visit) {
  fields_of<std::remove_const_t<T>>().apply(
      [&](const auto&... field) { (visit(field.name, value.*(field.member)), ...); });
}

template <>
struct Fields<Unit> {
  static constexpr auto list = FieldList{};
};

template <>
struct Fields<Money> {
  static constexpr auto list = FieldList{Field{"minor", &Money::minor}, Field{"currency", &Money::currency}};
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

}  // namespace holdfast
