# crm_embed_sql(<target> <prefix> <file.sql>... [HEADER name.h] [FRAGMENTS folder])
#
# Makes the header "sql.h", or the one that is named, with one crm::Statement for each file: `sql::open_tickets` for
# open_tickets.sql, named "<prefix>/open_tickets". The text is embedded unchanged, so that what PostgreSQL logs is what the file
# says; only a line `\i <name>.sql` gives way to that fragment of the SDK's folder sql/, or of the one that is named, so that what
# statements share is written once.
set(CRM_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed.cmake)
set(CRM_SQL_FRAGMENTS ${CMAKE_CURRENT_LIST_DIR}/../sql)

function(crm_embed_sql target prefix)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "HEADER;FRAGMENTS" "")
  if(NOT arg_HEADER)
    set(arg_HEADER sql.h)
  endif()
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}/${arg_HEADER})
  set(files)
  foreach(file IN LISTS arg_UNPARSED_ARGUMENTS)
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  string(REPLACE ";" "|" joined "${files}")
  set(folders ${CRM_SQL_FRAGMENTS} ${arg_FRAGMENTS})
  list(TRANSFORM folders APPEND /*.sql OUTPUT_VARIABLE patterns)
  file(GLOB fragments CONFIGURE_DEPENDS ${patterns})
  string(REPLACE ";" "|" folders "${folders}")
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DPREFIX=${prefix} -DOUTPUT=${header} "-DFRAGMENTS=${folders}" "-DFILES=${joined}"
            -P ${CRM_EMBED_SCRIPT}
    DEPENDS ${files} ${fragments} ${CRM_EMBED_SCRIPT}
    COMMENT "Embedding SQL of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target})
endfunction()
