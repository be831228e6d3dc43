# Writes the header of crm_embed_sql. Run as a script:
#   cmake -DPREFIX= -DOUTPUT= -DSDK= -DFILES=a.sql|b.sql -P embed.cmake
#
# A line `\i sdk/sql/<name>.sql` is replaced by that file of the SDK (SDK is the folder that holds sdk/), indented as the
# line is: terms that many statements need, such as a human reply, are written once. psql reads the same lines.
function(expanded text out)
  while(text MATCHES "(\n[ ]*)\\\\i (sdk/sql/[a-z_]+[.]sql)\n")
    set(line "${CMAKE_MATCH_0}")
    set(indent "${CMAKE_MATCH_1}")
    file(READ ${SDK}/${CMAKE_MATCH_2} part)
    string(REGEX REPLACE "\n$" "" part "${part}")
    string(REPLACE "\n" "${indent}" part "${part}")
    string(REPLACE "${line}" "${indent}${part}\n" text "${text}")
  endwhile()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

string(REPLACE "|" ";" FILES "${FILES}")
set(content "#pragma once\n// Generated from .sql files; change those.\n\n#include <crm/sdk/statement.h>\n\nnamespace sql {\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  expanded("${text}" text)
  string(APPEND content "\ninline const crm::Statement ${name}{\"${PREFIX}/${name}\", R\"sql(${text})sql\"};\n")
endforeach()
string(APPEND content "\n}  // namespace sql\n")
file(WRITE ${OUTPUT} "${content}")
