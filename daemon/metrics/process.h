#pragma once

#include <filesystem>
#include <vector>

#include <prometheus/metric_family.h>

namespace crm::metrics {

// process_* of this process, under the names that all Prometheus clients use, sorted by name. What cannot be read (no
// descriptor left, no /proc) is left out.
std::vector<prometheus::MetricFamily> process_families(const std::filesystem::path& proc = "/proc");

}  // namespace crm::metrics
