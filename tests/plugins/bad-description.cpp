// Its description breaks a rule of every kind.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  crm::Description description = tiny::description("Bad Description");
  description.title.clear();
  description.help.clear();
  description.schedule.every = std::chrono::milliseconds(999);
  description.schedule.timeout = std::chrono::milliseconds(0);
  description.window.count = 0;
  description.statements = {{"bad description/*/", "SELECT 1"}};
  description.params.resize(2);
  description.params.front().name = "dateRange";
  return tiny::good(std::move(description));
}

}  // namespace

CRM_COLLECTOR_PLUGIN("bad-description", make)
