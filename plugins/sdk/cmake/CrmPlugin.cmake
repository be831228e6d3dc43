# crm_add_plugin(<name> SOURCES a.cpp... [SQL a.sql...])
#
# A collector plugin: a shared module crm-<name>.so that sees the SDK and nothing else. Unresolved symbols are link errors,
# not surprises at load time. The objects are also a static library crm_plugin_<name>_objects for the plugin's own tests.
function(crm_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;SQL")
  string(REPLACE "-" "_" id ${name})
  set(objects crm_plugin_${id}_objects)
  add_library(${objects} OBJECT ${arg_SOURCES})
  target_link_libraries(${objects} PUBLIC CrmMetrics::sdk)
  target_include_directories(${objects} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  # Said here, too, for plugins that are built out of the tree.
  set_target_properties(${objects} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(arg_SQL)
    crm_embed_sql(${objects} ${name} ${arg_SQL})
  endif()
  add_library(crm_plugin_${id} MODULE $<TARGET_OBJECTS:${objects}>)
  target_link_libraries(crm_plugin_${id} PRIVATE CrmMetrics::sdk)
  set_target_properties(crm_plugin_${id} PROPERTIES PREFIX "" OUTPUT_NAME crm-${name}
                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  if(TARGET crm_plugins)
    add_dependencies(crm_plugins crm_plugin_${id})
  endif()
  if(NOT CRM_SANITIZER)
    target_link_options(crm_plugin_${id} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

# crm_add_plugin_tests(<name> SOURCES a_test.cpp...)
#
# The plugin's own tests on the test kit, known to ctest as plugin.<name>.*.
function(crm_add_plugin_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  string(REPLACE "-" "_" id ${name})
  find_package(GTest REQUIRED)
  include(GoogleTest)
  set(tests plugin_${id}_tests)
  add_executable(${tests} ${arg_SOURCES})
  target_link_libraries(${tests} PRIVATE crm_plugin_${id}_objects CrmMetrics::sdk_testing GTest::gmock GTest::gtest_main)
  set_target_properties(${tests} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  gtest_discover_tests(${tests} TEST_PREFIX plugin.${name}. DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 60)
endfunction()
