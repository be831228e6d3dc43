#pragma once

#include <crm/sdk/description.h>

#include "definition.h"
#include "plan.h"

namespace custom_sql {

crm::Description description(const Definition& definition, const Plan& plan);

}  // namespace custom_sql
