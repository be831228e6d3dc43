#pragma once

#include <crm/sdk/description.h>

namespace kpi {

// What the kpi collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

}  // namespace kpi
