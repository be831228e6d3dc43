// Calls itself otherwise than its file.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  return tiny::good(tiny::description("echo"));
}

}  // namespace

CRM_COLLECTOR_PLUGIN("echo", make)
