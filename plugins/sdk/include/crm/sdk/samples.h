#pragma once
// From facts to the samples of Prometheus families.

#include <cstdint>
#include <string>
#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

namespace crm {

// A histogram in seconds from a fact that counts milliseconds: all rows together. The fact's bounds must be those of
// the family, in milliseconds; a fact without rows gives zeros. UsageError where they differ in number.
Sample seconds_histogram(const Family& family, const FactTable& fact, const std::string& histogram,
                         const std::string& sum_ms, std::vector<std::string> labels = {});

}  // namespace crm
