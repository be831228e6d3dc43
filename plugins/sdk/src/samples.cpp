#include <crm/sdk/errors.h>
#include <crm/sdk/samples.h>

namespace crm {

Sample seconds_histogram(const Family& family, const FactTable& fact, const std::string& histogram,
                         const std::string& sum_ms, std::vector<std::string> labels) {
  HistogramValue value;
  value.counts.assign(family.buckets.size() + 1, 0);
  if (!fact.rows().empty()) {
    const auto counts = fact.histogram(histogram);
    if (counts.size() != value.counts.size()) {
      throw UsageError("family " + family.name + " has " + std::to_string(family.buckets.size()) +
                       " bounds, histogram '" + histogram + "' of its fact " + std::to_string(counts.size() - 1));
    }
    for (std::size_t i = 0; i < counts.size(); ++i) value.counts[i] = static_cast<std::uint64_t>(counts[i]);
    value.sum = static_cast<double>(fact.sum(sum_ms)) / 1000.0;
  }
  return {.family = family.name, .labels = std::move(labels), .histogram = std::move(value)};
}

}  // namespace crm
