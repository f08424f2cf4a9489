# SQL lives in .sql files; the build turns each into a header of named constants.

find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(HOLDFAST_GENERATED ${CMAKE_BINARY_DIR}/generated)

# holdfast_embed_sql(TARGET FOLDER NAMESPACE): every FOLDER/*.sql becomes <path below services>/NAME.sql.h.
function(holdfast_embed_sql target folder namespace)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.sql)
  foreach(source ${sources})
    holdfast_embed(${target} statements ${source} ${source}.h ${namespace} ${source})
  endforeach()
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
