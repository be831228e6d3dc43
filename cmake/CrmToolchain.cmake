# Warnings, build types, sanitizers, ccache and linker: one place for all targets.
# Dev: quick to build, quick enough to run the tests, line numbers in backtraces, assertions on.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")

find_program(CRM_CCACHE ccache)
if(CRM_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CRM_CCACHE})
endif()

find_program(CRM_LLD ld.lld)
if(CRM_LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
                    -Woverloaded-virtual -Wcast-qual)
# gcc 12 reports these inside its own std::string and streambuf at -O1 and above (GCC bug 105329 and its kin).
add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
if(CRM_WERROR)
  add_compile_options(-Werror)
endif()

if(CRM_SANITIZER)
  add_compile_options(-fsanitize=${CRM_SANITIZER} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CRM_SANITIZER})
endif()
