# crm_embed_sql(<target> <prefix> <file.sql>...)
#
# Makes <crm_embedded/<target>/sql.h> with one crm::Statement for each file: `sql::open_tickets` for open_tickets.sql, named
# "<prefix>/open_tickets". The text is embedded unchanged, so that what PostgreSQL logs is what the file says.
set(CRM_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed.cmake)

function(crm_embed_sql target prefix)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}/sql.h)
  set(files)
  foreach(file IN LISTS ARGN)
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DPREFIX=${prefix} -DOUTPUT=${header} "-DFILES=${joined}" -P ${CRM_EMBED_SCRIPT}
    DEPENDS ${files} ${CRM_EMBED_SCRIPT}
    COMMENT "Embedding SQL of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target})
endfunction()
