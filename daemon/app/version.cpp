#include "app/version.h"

namespace crm::app {

std::string version() {
  return CRM_VERSION;
}
std::string revision() {
  return CRM_REVISION;
}

}  // namespace crm::app
