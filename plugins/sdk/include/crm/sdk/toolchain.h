#pragma once
// CRM_TOOLCHAIN: what a plugin and the daemon must have in common, as one line of "name value" pairs separated by "; ".

#include <string>  // defines _GLIBCXX_USE_CXX11_ABI

#include <nlohmann/json_fwd.hpp>

#define CRM_TEXT_OF(x) #x
#define CRM_TEXT(x) CRM_TEXT_OF(x)

#if defined(__SANITIZE_ADDRESS__)
#define CRM_SANITIZER_NAME "address"
#elif defined(__SANITIZE_THREAD__)
#define CRM_SANITIZER_NAME "thread"
#else
#define CRM_SANITIZER_NAME "none"
#endif

#if defined(__clang__)
#define CRM_COMPILER_NAME "clang " CRM_TEXT(__clang_major__)
#else
#define CRM_COMPILER_NAME "gcc " CRM_TEXT(__GNUC__)
#endif

#define CRM_TOOLCHAIN \
  "compiler " CRM_COMPILER_NAME "; c++ " CRM_TEXT(__cplusplus) "; cxx11_abi " CRM_TEXT(                   \
      _GLIBCXX_USE_CXX11_ABI) "; json " CRM_TEXT(NLOHMANN_JSON_VERSION_MAJOR) "." CRM_TEXT(               \
      NLOHMANN_JSON_VERSION_MINOR) "." CRM_TEXT(NLOHMANN_JSON_VERSION_PATCH) "; sanitizer " CRM_SANITIZER_NAME
