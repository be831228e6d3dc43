#pragma once

#include <crm/sdk/description.h>

namespace business_impact {

// What the collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

}  // namespace business_impact
