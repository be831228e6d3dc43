// Declares a family that the plugin echo has.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  crm::Description description = tiny::description("same-family");
  description.families = {{.name = "crm_test_echo_runs_at_once", .help = "Somebody else's."}};
  return tiny::good(std::move(description));
}

}  // namespace

CRM_COLLECTOR_PLUGIN("same-family", make)
