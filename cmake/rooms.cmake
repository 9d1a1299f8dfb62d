# A room is a folder with one static library; it is linked only downwards, so that a room cannot call what it must not
# know. tests/support/layer_rule holds the same rule over the includes.

add_library(hailong_warnings INTERFACE)
target_compile_options(hailong_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# System headers stay silent: their warnings are not ours to mend.
add_library(hailong_base INTERFACE)
target_include_directories(hailong_base INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(hailong_base INTERFACE hailong_warnings)

# While the rooms are being filled: a source that is not there yet is built as an empty file.
function(hailong_existing_sources out)
  set(result "")
  foreach(source ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source} OR EXISTS ${source})
      list(APPEND result ${source})
    endif()
  endforeach()
  if(NOT result)
    set(result ${CMAKE_BINARY_DIR}/empty.cpp)
    if(NOT EXISTS ${result})
      file(WRITE ${result} "")
    endif()
  endif()
  set(${out} ${result} PARENT_SCOPE)
endfunction()

# hailong_room(<target> SOURCES ... [PUBLIC libs...] [PRIVATE libs...])
function(hailong_room target)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  hailong_existing_sources(sources ${ROOM_SOURCES})
  add_library(${target} STATIC ${sources})
  target_link_libraries(${target} PUBLIC hailong_base ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
endfunction()

# hailong_program(<name> SOURCES ... LIBS ...)
function(hailong_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBS" ${ARGN})
  hailong_existing_sources(sources ${PROGRAM_SOURCES})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE hailong_base ${PROGRAM_LIBS})
endfunction()
