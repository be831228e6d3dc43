# cmake --install <build> --component sdk: all that a plugin needs which is built elsewhere, by find_package(CrmMetrics).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/CrmMetrics)

set_target_properties(crm_sdk PROPERTIES EXPORT_NAME sdk)
set_target_properties(crm_sdk_testing PROPERTIES EXPORT_NAME sdk_testing)
# Plugins are loaded into a daemon with the same sanitizer, or refused by it.
if(CRM_SANITIZER)
  target_compile_options(crm_sdk INTERFACE "$<INSTALL_INTERFACE:-fsanitize=${CRM_SANITIZER}>")
  target_link_options(crm_sdk INTERFACE "$<INSTALL_INTERFACE:-fsanitize=${CRM_SANITIZER}>")
endif()

install(TARGETS crm_sdk crm_sdk_testing EXPORT CrmMetrics ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(EXPORT CrmMetrics NAMESPACE CrmMetrics:: FILE CrmMetricsTargets.cmake DESTINATION ${package} COMPONENT sdk)
install(DIRECTORY include/crm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
# Side by side as in the source, so that the modules find their fragments in both.
install(DIRECTORY sql DESTINATION ${package} COMPONENT sdk)
install(FILES cmake/CrmPlugin.cmake cmake/CrmEmbed.cmake cmake/embed.cmake DESTINATION ${package}/cmake COMPONENT sdk)
install(DIRECTORY ../template DESTINATION ${CMAKE_INSTALL_DATADIR}/crm-metricsd COMPONENT sdk)

string(REGEX MATCH "^[0-9]+" CRM_COMPILER_MAJOR "${CMAKE_CXX_COMPILER_VERSION}")
configure_package_config_file(cmake/CrmMetricsConfig.cmake.in CrmMetricsConfig.cmake INSTALL_DESTINATION ${package})
# No plugin is promised to fit another version's daemon.
write_basic_package_version_file(CrmMetricsConfigVersion.cmake COMPATIBILITY ExactVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/CrmMetricsConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/CrmMetricsConfigVersion.cmake
        DESTINATION ${package} COMPONENT sdk)
