// Its first collector is good, its second calls itself as the plugin echo's does.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  crm::Collectors collectors = tiny::good(tiny::description("same-section"));
  collectors.push_back(std::move(tiny::good(tiny::description("echo")).front()));
  return collectors;
}

}  // namespace

CRM_COLLECTOR_PLUGIN("same-section", make)
