// One collector, and one that is none.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  crm::Collectors collectors = tiny::good(tiny::description("null-collector"));
  collectors.push_back(nullptr);
  return collectors;
}

}  // namespace

CRM_COLLECTOR_PLUGIN("null-collector", make)
