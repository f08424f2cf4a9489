#pragma once

#include <string_view>

namespace holdfast {

// Whether this process has been told to have one of the bugs that the history checker must find
// (tests/history/mutants.py): a place that is right says `mutant("room.bug") ? wrong : right`. Only rooms that CMake
// names (holdfast_mutants) have any, and only where HOLDFAST_MUTANTS is on, which it never is in what runs in
// production: there it is false while it compiles, and neither the question nor the wrong side is in the program.
#ifdef HOLDFAST_MUTANTS
// The one that the environment's HOLDFAST_MUTANT named when it was first asked, which stderr is told. Any thread.
bool mutant(std::string_view name);
#else
consteval bool mutant(std::string_view) { return false; }
#endif

}  // namespace holdfast
