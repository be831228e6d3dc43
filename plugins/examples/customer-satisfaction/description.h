#pragma once

#include <crm/sdk/description.h>

namespace customer_satisfaction {

// What the collector says of itself: families, statements, its fact, the schema of its document.
crm::Description description();

}  // namespace customer_satisfaction
