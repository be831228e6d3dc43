#pragma once

#include <crm/sdk/description.h>

namespace customer_load {

// What the collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

}  // namespace customer_load
