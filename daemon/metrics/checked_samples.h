#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <crm/sdk/description.h>
#include <crm/sdk/report.h>

namespace crm::metrics {

struct FamilySamples {
  const Family* family;
  std::vector<Sample> samples;  // by labels, in code point order, each label list once
};

struct CheckedSamples {
  std::vector<FamilySamples> families;  // in the order of the description; without samples too
  std::size_t not_finite = 0;           // samples left out because their value is NaN or infinite
};

// Holds a report's samples against what its collector declared. Throws BadReport (render.h) at the first that breaks
// it. The description must outlive the answer.
CheckedSamples checked(const Description& description, std::span<const Sample> samples);

}  // namespace crm::metrics
