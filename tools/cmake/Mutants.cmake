# Bugs on purpose, for the test of the history checker (tests/history/mutants.py). Each sleeps until HOLDFAST_MUTANT names
# it; what runs in production has none.

option(HOLDFAST_MUTANTS "Build in the bugs that tests/history/mutants.py wakes" OFF)
if(HOLDFAST_MUTANTS AND NOT CMAKE_BUILD_TYPE STREQUAL "Dev")
  message(FATAL_ERROR "HOLDFAST_MUTANTS is for the tests' own build: ${CMAKE_BUILD_TYPE} has no bugs on purpose")
endif()

# holdfast_mutants(target...): rooms in which there are some.
function(holdfast_mutants)
  if(HOLDFAST_MUTANTS)
    foreach(target ${ARGN})
      target_compile_definitions(${target} PRIVATE HOLDFAST_MUTANTS)
    endforeach()
  endif()
endfunction()
