# Files that the program carries within itself.

find_package(Python3 REQUIRED COMPONENTS Interpreter)

# holdfast_embed_files(TARGET HEADER NAMESPACE FILE...): HEADER, a path below services, declares NAMESPACE::files.
function(holdfast_embed_files target header namespace)
  set(output ${CMAKE_BINARY_DIR}/generated/${header})
  add_custom_command(
    OUTPUT ${output}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed_files.py ${output} ${namespace} ${ARGN}
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/tools/embed_files.py
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/generated)
endfunction()
