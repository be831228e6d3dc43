// Refuses its option `queue.limit`, whatever it is.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config& options) {
  throw crm::ConfigError("queue.limit",
                         "is " + std::to_string(options.integer("queue.limit", 0)) + "; nothing will do");
}

}  // namespace

CRM_COLLECTOR_PLUGIN("bad-option", make)
