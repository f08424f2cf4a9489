# SQL lives in .sql files; the build turns each into a header of named constants.

find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(HOLDFAST_GENERATED ${CMAKE_BINARY_DIR}/generated)

# holdfast_embed_sql(TARGET FOLDER NAMESPACE): every FOLDER/*.sql becomes <path below services>/NAME.sql.h; all of them
# stand in all_statements.h beside those.
function(holdfast_embed_sql target folder namespace)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.sql)
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR}/services ${folder})
  set(includes "")
  set(all "")
  foreach(source ${sources})
    holdfast_embed(${target} statements ${source} ${source}.h ${namespace} ${source})
    cmake_path(GET source STEM name)
    string(APPEND includes "#include \"${path}/${name}.sql.h\"\n")
    string(APPEND all "\n    all_of_${name},")
  endforeach()
  file(CONFIGURE OUTPUT ${HOLDFAST_GENERATED}/${path}/all_statements.h @ONLY CONTENT [[
#pragma once

#include <span>

@includes@
namespace @namespace@ {

// For the test that prepares every statement.
inline constexpr std::span<const sql::Statement* const> all[] = {@all@};

}  // namespace @namespace@
]])
endfunction()

# holdfast_embed_migrations(TARGET FOLDER NAMESPACE): FOLDER/*.sql becomes <path below services>/migrations.h.
function(holdfast_embed_migrations target folder namespace)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.sql)
  holdfast_embed(${target} migrations ${folder} ${folder}.h ${namespace} ${sources})
endfunction()

function(holdfast_embed target kind source header namespace)
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR}/services ${header})
  set(output ${HOLDFAST_GENERATED}/${path})
  add_custom_command(
    OUTPUT ${output}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed_sql.py ${kind} ${source} ${output} ${namespace}
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/tools/embed_sql.py
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  target_include_directories(${target} PUBLIC ${HOLDFAST_GENERATED})
endfunction()
