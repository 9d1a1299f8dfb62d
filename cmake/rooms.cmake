# A room is a folder with one static library; it is linked only downwards, so that a room cannot call what it must not
# know. tests/house holds the same rule over the includes.

add_library(hailong_warnings INTERFACE)
target_compile_options(hailong_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# System headers stay silent: their warnings are not ours to mend.
add_library(hailong_options INTERFACE)
target_include_directories(hailong_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(hailong_options INTERFACE hailong_warnings)
include(precompiled)

# COMMAND_LINE: its files include CLI11.
# hailong_room(<target> SOURCES ... [PUBLIC libs...] [PRIVATE libs...] [COMMAND_LINE])
function(hailong_room target)
  cmake_parse_arguments(ROOM "COMMAND_LINE" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${target} STATIC ${ROOM_SOURCES})
  target_link_libraries(${target} PUBLIC hailong_options ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
  hailong_precompile(${target} "${ROOM_COMMAND_LINE}")
endfunction()

# hailong_program(<name> SOURCES ... LIBS ... [COMMAND_LINE])
function(hailong_program name)
  cmake_parse_arguments(PROGRAM "COMMAND_LINE" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE hailong_options ${PROGRAM_LIBS})
  hailong_precompile(${name} "${PROGRAM_COMMAND_LINE}")
endfunction()
