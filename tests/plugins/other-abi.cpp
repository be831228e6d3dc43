// Built for the next ABI: nothing behind the number may be believed.

#include "tiny.h"

TINY_DESCRIPTOR(crm::plugin_magic, crm::plugin_abi + 1, nullptr, nullptr, nullptr, nullptr)
