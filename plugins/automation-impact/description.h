#pragma once

#include <crm/sdk/description.h>

namespace automation_impact {

// What the collector says of itself: families, facts, the schema of its document. At most `max_intents` intents are
// shown to Prometheus, the rest as "other".
crm::Description description(std::size_t max_intents);

}  // namespace automation_impact
