// The right magic, ABI and toolchain, and nothing behind them.

#include "tiny.h"

TINY_DESCRIPTOR(crm::plugin_magic, crm::plugin_abi, CRM_TOOLCHAIN, nullptr, nullptr, nullptr)
