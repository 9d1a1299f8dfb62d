# Precompiled headers: what many files include is parsed once. They hold headers of the system alone, so that no edit of
# ours compiles everything anew. Every file still includes what it uses; scripts/lint compiles without them.
set(STANDARD_HEADERS
  <algorithm> <array> <charconv> <chrono> <cmath> <compare> <cstdint> <cstdio> <cstdlib> <cstring> <filesystem>
  <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread> <utility>
  <variant> <vector> <boost/json.hpp> <tl/expected.hpp>)

# CLI11 is all headers, and its code is made anew wherever it is included. It runs once a start: half the optimising.
set(COMMAND_LINE_OPTIONS $<$<CONFIG:Release>:-O1>)

# Every file is compiled with the names by which Boost's libraries are linked: GCC takes a precompiled header only when
# they are the same.
target_compile_definitions(hailong_options INTERFACE
  $<TARGET_PROPERTY:Boost::json,INTERFACE_COMPILE_DEFINITIONS>
  $<TARGET_PROPERTY:Boost::container,INTERFACE_COMPILE_DEFINITIONS>)

# Clang writes the time of each header into the precompiled one unless it is told not to, and then ccache never finds it
# again. GCC's preprocessor must only name it, or ccache would read what it stands for a second time.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(hailong_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
else()
  target_compile_options(hailong_options INTERFACE -fpch-preprocess)
  # Of text that is put together in headers that were precompiled, GCC 12 invents writes beyond the end (its bugs 105329
  # and 105651); the address sanitizer looks for real ones.
  target_compile_options(hailong_warnings INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                                                    -Wno-stringop-overread)
endif()

# Whole presets compile the sources of a target together, as many as this at once (CMakePresets.json): half the time
# from nothing. The others, and scripts/lint, compile each for itself, so that it must include what it uses.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 16)
if(CMAKE_UNITY_BUILD AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # GCC takes a source that stands in a batch for a header, in which it mistrusts unnamed namespaces.
  target_compile_options(hailong_warnings INTERFACE -Wno-subobject-linkage)
endif()

# hailong_precompiled(<target> HEADERS ... [OPTIONS ...] [LIBS ...]): reused by every target with the same options.
function(hailong_precompiled target)
  cmake_parse_arguments(PRECOMPILED "" "" "HEADERS;OPTIONS;LIBS" ${ARGN})
  add_library(${target} OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_compile_options(${target} PRIVATE ${PRECOMPILED_OPTIONS})
  target_link_libraries(${target} PRIVATE hailong_options ${PRECOMPILED_LIBS})
  target_precompile_headers(${target} PRIVATE ${STANDARD_HEADERS} ${PRECOMPILED_HEADERS})
endfunction()

hailong_precompiled(hailong_precompiled_room HEADERS)
hailong_precompiled(hailong_precompiled_command_line
  HEADERS <CLI/CLI.hpp>
  OPTIONS ${COMMAND_LINE_OPTIONS}
  LIBS CLI11::CLI11)

# Has the target use what fits it.
function(hailong_precompile target reads_command_line)
  if(reads_command_line)
    target_compile_options(${target} PRIVATE ${COMMAND_LINE_OPTIONS})
    target_precompile_headers(${target} REUSE_FROM hailong_precompiled_command_line)
  else()
    target_precompile_headers(${target} REUSE_FROM hailong_precompiled_room)
  endif()
endfunction()
