# A room is a folder that becomes one static library. It links only the rooms it may include; tests/tidy checks the rest.

# holdfast_module(NAME [USES module...] [LIBRARIES target...])
# services/runtime/NAME/*.cpp -> library runtime_NAME; tests/*_test.cpp -> runtime_NAME_test, known to ctest as runtime.NAME.
function(holdfast_module name)
  cmake_parse_arguments(module "" "" "USES;LIBRARIES;TEST_USES" ${ARGN})
  list(TRANSFORM module_USES PREPEND runtime_)
  list(TRANSFORM module_TEST_USES PREPEND runtime_)
  holdfast_room(runtime_${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name} ${module_USES} ${module_LIBRARIES})
  holdfast_room_tests(runtime_${name}_test runtime.${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name}/tests runtime_${name} ${module_TEST_USES})
endfunction()

# holdfast_room(TARGET FOLDER [linked target...]): headers only when the folder has no .cpp file.
function(holdfast_room target folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/services)
    target_link_libraries(${target} PUBLIC ${ARGN})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/services)
    target_link_libraries(${target} INTERFACE ${ARGN})
  endif()
endfunction()

# What `tools/test --sanitize` builds and runs: the tests that lie in rooms, labelled so for ctest.
add_custom_target(room_tests)

# holdfast_room_tests(EXECUTABLE CTEST_NAME FOLDER [linked target...]): one gtest executable a room, one ctest entry an executable.
function(holdfast_room_tests executable test_name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${executable} ${sources})
  target_link_libraries(${executable} PRIVATE ${ARGN} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${executable} PRIVATE HOLDFAST_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  add_test(NAME ${test_name} COMMAND ${executable})
  set_tests_properties(${test_name} PROPERTIES TIMEOUT 300 LABELS room)
  add_dependencies(room_tests ${executable})
endfunction()
