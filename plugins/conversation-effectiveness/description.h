#pragma once

#include <crm/sdk/description.h>

namespace conversation_effectiveness {

// What the collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

// The declared family of that name.
const crm::Family& family_of(const crm::Description& description, const char* name);

}  // namespace conversation_effectiveness
