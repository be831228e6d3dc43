#pragma once
// What a description must keep to before its collector may run: names, schedule, statements,
// parameters. (What Prometheus asks of its families is the exposition's to say.)

#include <string>
#include <vector>

#include <crm/sdk/description.h>

namespace crm::plugin {

// One line for each fault; none: the description is good.
std::vector<std::string> faults_of(const Description& description);

}  // namespace crm::plugin
