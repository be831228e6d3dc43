// Calls what nobody has: it can be linked without -z,defs, and not be loaded with RTLD_NOW.

#include "tiny.h"

void nowhere_defined();

namespace {

crm::Collectors make(const crm::Config&) {
  nowhere_defined();
  return {};
}

}  // namespace

CRM_COLLECTOR_PLUGIN("undefined-symbol", make)
