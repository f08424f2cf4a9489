# A room is a folder that becomes one static library. It links only the rooms it may include; tests/tidy checks the rest.

# Most of a translation unit's time is its headers, and a room's files share theirs: compiled as one, a room takes a third.
# Its files' private names are then each other's as well. Who asks for it, and who need not:
# docs/adr/0023-rooms-compiled-whole.md.
option(HOLDFAST_WHOLE_ROOMS "Compile the files of a room as one" OFF)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 0)

# holdfast_module(NAME [USES module...] [LIBRARIES target...] [TEST_USES module...] [TEST_SERVERS postgres|redis|kafka...])
# services/runtime/NAME/*.cpp -> library runtime_NAME; tests/*_test.cpp -> runtime_NAME_test, known to ctest as runtime.NAME.
function(holdfast_module name)
  cmake_parse_arguments(module "" "" "USES;LIBRARIES;TEST_USES;TEST_SERVERS" ${ARGN})
  list(TRANSFORM module_USES PREPEND runtime_)
  list(TRANSFORM module_TEST_USES PREPEND runtime_)
  holdfast_room(runtime_${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name} ${module_USES} ${module_LIBRARIES})
  holdfast_room_tests(runtime_${name}_test runtime.${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name}/tests
                      runtime_${name} ${module_TEST_USES} SERVERS ${module_TEST_SERVERS})
endfunction()

# holdfast_room(TARGET FOLDER [linked target...]): headers only when the folder has no .cpp file.
function(holdfast_room target folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/services)
    target_link_libraries(${target} PUBLIC ${ARGN})
    holdfast_compile_whole(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/services)
    target_link_libraries(${target} INTERFACE ${ARGN})
  endif()
endfunction()

function(holdfast_compile_whole target)
  if(HOLDFAST_WHOLE_ROOMS)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON)
    # The warning takes what is private to an included file for a header's.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# What `tools/test --sanitize` builds and runs: the tests that lie in rooms, labelled so for ctest.
add_custom_target(room_tests)

option(BUILD_TESTING "Build the tests along with everything; off for what runs in production" ON)
if(BUILD_TESTING)
  set(HOLDFAST_WITH_TESTS "")
else()
  set(HOLDFAST_WITH_TESTS EXCLUDE_FROM_ALL)
endif()

# Private servers for tests, started when the first test that needs them runs and stopped after the last (ctest's
# fixtures): real ones, disposable, under build/<preset>/servers.
foreach(server postgres redis kafka)
  foreach(verb start stop)
    add_test(NAME servers.${server}.${verb}
             COMMAND ${CMAKE_SOURCE_DIR}/tools/servers ${verb} --state ${CMAKE_BINARY_DIR}/servers ${server})
  endforeach()
  set_tests_properties(servers.${server}.start PROPERTIES FIXTURES_SETUP ${server})
  set_tests_properties(servers.${server}.stop PROPERTIES FIXTURES_CLEANUP ${server})
endforeach()

# holdfast_room_tests(EXECUTABLE CTEST_NAME FOLDER [linked target...] [SERVERS postgres|redis|kafka...])
# One gtest executable a room, one ctest entry an executable. runtime/testing brings PostgreSQL along.
function(holdfast_room_tests executable test_name folder)
  cmake_parse_arguments(tests "" "" "SERVERS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  if(runtime_testing IN_LIST tests_UNPARSED_ARGUMENTS)
    list(APPEND tests_SERVERS postgres)
    list(REMOVE_DUPLICATES tests_SERVERS)
  endif()
  add_executable(${executable} ${HOLDFAST_WITH_TESTS} ${sources})
  target_link_libraries(${executable} PRIVATE ${tests_UNPARSED_ARGUMENTS} GTest::gmock GTest::gtest_main)
  holdfast_compile_whole(${executable})
  target_compile_definitions(${executable} PRIVATE HOLDFAST_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  if(HOLDFAST_SANITIZE)
    # The faults that sanitizers look for are in the rooms. Optimised and with every check a test takes twice as long to
    # compile (docs/performance.md).
    target_compile_options(${executable} PRIVATE -O0 -fno-sanitize=null,alignment,object-size,vptr)
  endif()
  set(command ${executable})
  if(tests_SERVERS)
    set(command ${CMAKE_SOURCE_DIR}/tools/servers run --state ${CMAKE_BINARY_DIR}/servers ${tests_SERVERS} --
                $<TARGET_FILE:${executable}>)
  endif()
  add_test(NAME ${test_name} COMMAND ${command})
  set_tests_properties(${test_name} PROPERTIES TIMEOUT 300 LABELS room FIXTURES_REQUIRED "${tests_SERVERS}"
    ENVIRONMENT LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/sanitizers/leaks.supp)
  add_dependencies(room_tests ${executable})
endfunction()

# holdfast_service(NAME [DOMAIN_USES module...] [APP_USES module...]): the rooms of services/NAME, each linking only those
# below it, its tests, and the executable holdfast-NAME. services/all links NAME_service beside the others.
function(holdfast_service name)
  cmake_parse_arguments(service "" "" "DOMAIN_USES;APP_USES" ${ARGN})
  list(TRANSFORM service_DOMAIN_USES PREPEND runtime_)
  list(TRANSFORM service_APP_USES PREPEND runtime_)
  set(here ${CMAKE_CURRENT_SOURCE_DIR})
  holdfast_room(${name}_domain ${here}/domain runtime_core ${service_DOMAIN_USES})
  add_library(${name}_store INTERFACE)
  target_link_libraries(${name}_store INTERFACE ${name}_domain runtime_sql)
  holdfast_room(${name}_app ${here}/app ${name}_store runtime_events runtime_timers ${service_APP_USES})
  # g++ 12 sees uninitialised reads in optionals of optionals where there are none (GCC bug 80635).
  target_compile_options(${name}_app PRIVATE -Wno-maybe-uninitialized)
  holdfast_embed_sql(${name}_app ${here}/store holdfast::${name}::statements)
  holdfast_room(${name}_rpc ${here}/rpc ${name}_app runtime_command)
  holdfast_room(${name}_events ${here}/events ${name}_app)
  add_library(${name}_service STATIC ${here}/service.cpp)
  target_link_libraries(${name}_service PUBLIC ${name}_rpc ${name}_events runtime_app)
  holdfast_embed_migrations(${name}_service ${here}/migrations holdfast::${name})
  add_executable(holdfast-${name} ${here}/main.cpp)
  target_link_libraries(holdfast-${name} PRIVATE ${name}_service)
  holdfast_room_tests(${name}_domain_test ${name}.domain ${here}/domain/tests ${name}_domain)
  holdfast_room_tests(${name}_app_test ${name}.app ${here}/app/tests ${name}_service runtime_testing)
  holdfast_room_tests(${name}_service_test ${name}.service ${here}/tests ${name}_service runtime_testing)
  holdfast_room_tests(${name}_events_test ${name}.events ${here}/events/tests ${name}_service runtime_testing)
  # Rules are quick to compile a file at a time, and each may then call a status Status.
  set_target_properties(${name}_domain ${name}_domain_test PROPERTIES UNITY_BUILD OFF)
endfunction()
