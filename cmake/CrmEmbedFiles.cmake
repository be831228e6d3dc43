# crm_embed_files(<target> <name> <folder>)
#
# Makes the header "<name>.h" with the folder's .sql files as they are, by name and in its order: `embedded::<name>`, pairs of
# a file's name without .sql and its text. For files that are no statements of the daemon's own, such as migrations.
set(CRM_EMBED_FILES_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)

function(crm_embed_files target name folder)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}/${name}.h)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  list(SORT files)
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DOUTPUT=${header} "-DFILES=${joined}" -P ${CRM_EMBED_FILES_SCRIPT}
    DEPENDS ${files} ${CRM_EMBED_FILES_SCRIPT}
    COMMENT "Embedding ${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target})
endfunction()
