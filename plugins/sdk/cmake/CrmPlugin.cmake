# crm_add_plugin(<name> SOURCES a.cpp... [SQL a.sql...])
#
# A collector plugin: a shared module crm-<name>.so that sees the SDK and nothing else. Unresolved symbols are link errors,
# not surprises at load time. The objects are also a static library crm_plugin_<name>_objects for the plugin's own tests.
function(crm_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;SQL")
  string(REPLACE "-" "_" id ${name})
  set(objects crm_plugin_${id}_objects)
  add_library(${objects} OBJECT ${arg_SOURCES})
  target_link_libraries(${objects} PUBLIC crm_sdk)
  target_include_directories(${objects} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  if(arg_SQL)
    crm_embed_sql(${objects} ${name} ${arg_SQL})
  endif()
  add_library(crm_plugin_${id} MODULE $<TARGET_OBJECTS:${objects}>)
  target_link_libraries(crm_plugin_${id} PRIVATE crm_sdk)
  set_target_properties(crm_plugin_${id} PROPERTIES PREFIX "" OUTPUT_NAME crm-${name}
                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  if(NOT CRM_SANITIZER)
    target_link_options(crm_plugin_${id} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
