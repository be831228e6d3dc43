#pragma once

#include "app/house.h"

namespace crm::app {

// The WhatsApp queue and sessions as configured: BullMQ on Redis, or the CRM's own table. Throws config::Invalid for a
// Redis URL that is none. Connects only when first asked.
rollup::Infrastructure open_infrastructure(const Ground& ground, const config::Loaded& loaded);

}  // namespace crm::app
