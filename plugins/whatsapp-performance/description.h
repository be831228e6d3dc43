#pragma once

#include <crm/sdk/description.h>

namespace whatsapp {

// What the whatsapp-performance collector says of itself: families, statements, facts, the schema of its document.
crm::Description description();

}  // namespace whatsapp
