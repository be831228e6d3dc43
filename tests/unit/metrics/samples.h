#pragma once
// Short ways to write descriptions and their samples in these tests.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/render.h"

namespace crm::metrics::testing {

inline Description describing(std::vector<Family> families) {
  return {.name = "kpi", .title = "KPI strip", .help = "For tests.", .families = std::move(families)};
}

// The text of the samples, rendered for the first time and without a cap that matters.
inline std::string text_of(const Description& description, const std::vector<Sample>& samples) {
  LabelSlots slots;
  RenderCounts counts;
  return render(description, samples, {}, slots, counts)->text;
}

// What BadReport says of the samples.
inline std::string refusal(const Description& description, const std::vector<Sample>& samples) {
  try {
    return "accepted: " + text_of(description, samples);
  } catch (const BadReport& bad) {
    return bad.what();
  }
}

}  // namespace crm::metrics::testing
