#pragma once
// The entry point of a plugin's shared library.
//
// Plugins are modules of the same toolchain, not a stable ABI: build them with the compiler and the library versions of
// the daemon that loads them. The descriptor lets the daemon refuse another build with a line that says what differs.

#include <cstdint>
#include <memory>
#include <vector>

#include <crm/sdk/collector.h>
#include <crm/sdk/config.h>
#include <crm/sdk/errors.h>
#include <crm/sdk/toolchain.h>

namespace crm {

// Collectors of one plugin, built from its options. Throws ConfigError{key}.
using Collectors = std::vector<std::unique_ptr<Collector>>;
using Factory = Collectors (*)(const Config&);

inline constexpr std::uint64_t plugin_magic = 0x43524d2d504c5547;  // "CRM-PLUG"

// Grows by one with every change to a type or a virtual function in these headers.
inline constexpr std::uint32_t plugin_abi = 5;

// The first two members never change place: they are read before anything else is trusted.
struct PluginDescriptor {
  std::uint64_t magic;
  std::uint32_t abi;
  const char* toolchain;  // as toolchain.h, at the plugin's build
  const char* name;
  Factory factory;
  void (*destroy)(Collector*);  // the plugin frees what it allocated
};

}  // namespace crm

#define CRM_COLLECTOR_PLUGIN(plugin_name, make)                                                            \
  extern "C" __attribute__((visibility("default"))) const crm::PluginDescriptor* crm_plugin_descriptor() { \
    static const crm::PluginDescriptor descriptor{                                                         \
        crm::plugin_magic, crm::plugin_abi, CRM_TOOLCHAIN, plugin_name, make, [](crm::Collector* c) { delete c; }};  \
    return &descriptor;                                                                                    \
  }
