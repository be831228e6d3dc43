#pragma once

#include <crm/sdk/description.h>

namespace agent_productivity {

// What the collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

}  // namespace agent_productivity
