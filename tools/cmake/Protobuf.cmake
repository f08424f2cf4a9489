# Protocol Buffers without gRPC's generated stubs: one of their headers costs 3.5 s a translation unit, and the server
# and client (services/runtime/rpc) find methods by descriptor.

find_package(Protobuf REQUIRED)

# holdfast_protobuf(TARGET FOLDER [imported target...]): all .proto files below FOLDER, whose paths in there are their
# import paths; they may also import the product's, from proto/.
# TARGET is linked whole: a file that only declares services has no symbol that would pull it out of an archive, and
# would be missing from the process's descriptor pool.
function(holdfast_protobuf target folder)
  file(GLOB_RECURSE protos CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.proto)
  set(generated_folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  file(MAKE_DIRECTORY ${generated_folder})
  set(sources)
  foreach(proto IN LISTS protos)
    string(REGEX REPLACE "\\.proto$" "" stem ${generated_folder}/${proto})
    add_custom_command(
      OUTPUT ${stem}.pb.cc ${stem}.pb.h
      COMMAND protobuf::protoc -I ${folder} -I ${PROJECT_SOURCE_DIR}/proto
              --cpp_out=${generated_folder} --dependency_out=${stem}.pb.d ${folder}/${proto}
      DEPENDS ${folder}/${proto} protobuf::protoc
      DEPFILE ${stem}.pb.d
      COMMENT "Generating ${proto}"
      VERBATIM)
    list(APPEND sources ${stem}.pb.cc ${stem}.pb.h)
  endforeach()
  add_library(${target}_archive STATIC ${sources})
  target_compile_options(${target}_archive PRIVATE -w)
  if(HOLDFAST_SANITIZE)
    # Not our code, and sanitized it takes more than twice as long to compile.
    target_compile_options(${target}_archive PRIVATE -fno-sanitize=all)
  endif()
  target_include_directories(${target}_archive SYSTEM PUBLIC ${generated_folder})
  target_link_libraries(${target}_archive PUBLIC protobuf::libprotobuf ${ARGN})
  add_library(${target} INTERFACE)
  target_link_libraries(${target} INTERFACE "$<LINK_LIBRARY:WHOLE_ARCHIVE,${target}_archive>")
endfunction()

# holdfast_descriptor_set(TARGET FOLDER FILE): the .proto files below FOLDER, their imports and comments, in one FILE.
function(holdfast_descriptor_set target folder file)
  file(GLOB_RECURSE protos CONFIGURE_DEPENDS ${folder}/*.proto)
  add_custom_command(
    OUTPUT ${file}
    COMMAND protobuf::protoc -I ${folder} --include_imports --include_source_info --descriptor_set_out=${file} ${protos}
    DEPENDS ${protos} protobuf::protoc
    COMMENT "Describing all protos"
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${file})
endfunction()
