#pragma once
// What a plugin declares, seen as Prometheus sees it.

#include <span>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include <crm/sdk/report.h>

namespace crm::metrics {

// Why these families must not be exported, one line each that names the family: bad or repeated names, no help, a
// counter without _total, buckets that do not ascend, a state set without states. Empty if all is well.
std::vector<std::string> problems_of(std::span<const Family> families);

// The samples of one family in prometheus-cpp's form. They have been checked; state sets become one 0 or 1 for each
// state under a label of the family's name, info becomes 1.
prometheus::MetricFamily to_prometheus(const Family& family, std::span<const Sample> samples);

}  // namespace crm::metrics
