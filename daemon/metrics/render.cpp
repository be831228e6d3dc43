#include "metrics/render.h"

#include <string>

#include "metrics/block.h"
#include "metrics/checked_samples.h"
#include "metrics/families.h"
#include "metrics/text_format.h"

namespace crm::metrics {

store::BlockPtr render(const Description& description, std::span<const Sample> samples, const RenderLimits& limits,
                       LabelSlots& slots, RenderCounts& out) {
  CheckedSamples report = checked(description, samples);
  out = {};
  out.not_finite = report.not_finite;
  out.dropped_series = cap_labels(report.families, limits.max_agents, slots);

  std::string text;
  for (const FamilySamples& family : report.families) {
    out.series += family.samples.size();
    append_text(text, to_prometheus(*family.family, family.samples));
  }
  return make_block(std::move(text));
}

}  // namespace crm::metrics
