# Compiler, linker, cache and sanitizers: what every target shares.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

# Members left out of an initialiser have their declared defaults: that is how options are meant to be given.
add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
# Dev: optimised enough that tests are quick, little enough that two cores build it soon; assertions on.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
# Release keeps its assertions: those that cost are compiled out by hand, not by NDEBUG.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

set(HOLDFAST_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them")
if(HOLDFAST_SANITIZE)
  add_compile_options(-fsanitize=${HOLDFAST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HOLDFAST_SANITIZE})
  # With sanitizers g++ 12 sees uninitialised reads where there are none.
  add_compile_options(-Wno-maybe-uninitialized)
endif()

# tools/fuzz: every room tells libFuzzer which way it went; the targets of tests/fuzz bring its main().
option(HOLDFAST_FUZZ "Build the fuzzers with clang's libFuzzer instead of a main() that replays their corpora" OFF)
if(HOLDFAST_FUZZ)
  # Warnings are g++'s business; clang knows some by other names. Our tables of words are longer than its usual limit.
  add_compile_options(-w -fbracket-depth=1024 -fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
include(GoogleTest)
