# Writes the header of crm_embed_sql. Run as a script:
#   cmake -DPREFIX= -DOUTPUT= -DFRAGMENTS=sdk/sql|more -DFILES=a.sql|b.sql -P embed.cmake

# Puts fragments in the place of their `\i` lines, indented as the line is; fragments may hold such lines too.
function(expanded file text out)
  while(text MATCHES "(\n[ ]*)\\\\i ([a-z_]+[.]sql)\n")
    set(line "${CMAKE_MATCH_0}")
    set(indent "${CMAKE_MATCH_1}")
    set(fragment "${CMAKE_MATCH_2}")
    unset(found)
    find_file(found ${fragment} PATHS ${FRAGMENTS} NO_DEFAULT_PATH NO_CACHE)
    if(NOT found)
      message(FATAL_ERROR "${file}: \\i ${fragment}: there is no such file in ${FRAGMENTS}")
    endif()
    file(READ ${found} shared)
    string(REGEX REPLACE "\n$" "" shared "${shared}")
    string(REPLACE "\n" "${indent}" shared "${shared}")
    string(REPLACE "${line}" "${indent}${shared}\n" text "${text}")
  endwhile()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

string(REPLACE "|" ";" FILES "${FILES}")
string(REPLACE "|" ";" FRAGMENTS "${FRAGMENTS}")
# static: two rooms may have files of one name.
set(content "#pragma once\n// Generated from .sql files; change those.\n\n#include <crm/sdk/statement.h>\n\nnamespace sql {\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  expanded(${file} "${text}" text)
  string(APPEND content "\nstatic const crm::Statement ${name}{\"${PREFIX}/${name}\", R\"sql(${text})sql\"};\n")
endforeach()
string(APPEND content "\n}  // namespace sql\n")
file(WRITE ${OUTPUT} "${content}")
