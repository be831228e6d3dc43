// A descriptor of some other program's.

#include "tiny.h"

TINY_DESCRIPTOR(crm::plugin_magic + 1, crm::plugin_abi, nullptr, nullptr, nullptr, nullptr)
