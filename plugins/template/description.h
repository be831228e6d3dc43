#pragma once

#include <crm/sdk/description.h>

namespace my_section {

// What the collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

}  // namespace my_section
