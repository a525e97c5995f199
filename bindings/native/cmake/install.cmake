# What `cmake --install` lays down: library, headers, lock helper, CMake package, pkg-config file.
include(CMakePackageConfigHelpers)

install(TARGETS mosis EXPORT MosisTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS mosis-lock RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/mosis)
install(FILES include/mosis/mosis.h include/mosis/mosis_types.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mosis)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Mosis)
install(EXPORT MosisTargets NAMESPACE Mosis:: FILE MosisTargets.cmake DESTINATION ${package})
configure_package_config_file(cmake/MosisConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/MosisConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/MosisConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/MosisConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/MosisConfigVersion.cmake DESTINATION ${package})

# Relocatable: the prefix as seen from where the file lies.
file(RELATIVE_PATH prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(cmake/mosis.pc.in ${CMAKE_CURRENT_BINARY_DIR}/mosis.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mosis.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
