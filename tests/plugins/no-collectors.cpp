// Its factory returns nothing.

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config&) {
  return {};
}

}  // namespace

CRM_COLLECTOR_PLUGIN("no-collectors", make)
