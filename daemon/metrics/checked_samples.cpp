#include "metrics/checked_samples.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>

#include "metrics/render.h"
#include "metrics/utf8.h"

namespace crm::metrics {
namespace {

using Type = Family::Type;

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;
  if (!is_utf8(text)) return "(not UTF-8)";
  std::size_t end = std::min(text.size(), longest);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "'" + std::string(text.substr(0, end)) + (end < text.size() ? "…'" : "'");
}

std::string labels_text(const Family& family, const Sample& sample) {
  std::string text;
  for (std::size_t i = 0; i < std::min(family.labels.size(), sample.labels.size()); ++i) {
    text += (text.empty() ? "" : ", ") + family.labels[i] + " " + shown(sample.labels[i]);
  }
  return text.empty() ? "" : " (" + text + ")";
}

[[noreturn]] void refuse(const Family& family, const Sample& sample, const std::string& what) {
  throw BadReport("family '" + family.name + "'" + labels_text(family, sample) + ": " + what);
}

void check_labels(const Family& family, const Sample& sample) {
  if (sample.labels.size() != family.labels.size()) {
    refuse(family, sample,
           "a sample has " + std::to_string(sample.labels.size()) + " label values, the family declares " +
               std::to_string(family.labels.size()));
  }
  for (std::size_t i = 0; i < family.labels.size(); ++i) {
    if (!is_utf8(sample.labels[i])) {
      refuse(family, sample, "the value of label '" + family.labels[i] + "' is not valid UTF-8");
    }
  }
}

void check_histogram(const Family& family, const Sample& sample) {
  if (!sample.histogram) refuse(family, sample, "a sample of a histogram or summary has no histogram value");
  const auto& counts = sample.histogram->counts;
  if (counts.size() != family.buckets.size() + 1) {
    refuse(family, sample,
           "a histogram has " + std::to_string(counts.size()) + " counts, its " +
               std::to_string(family.buckets.size()) + " buckets and the one above need " +
               std::to_string(family.buckets.size() + 1));
  }
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) {
    if (count > std::numeric_limits<std::uint64_t>::max() - total) {
      refuse(family, sample, "the counts of a histogram do not fit in 64 bits together; a negative count?");
    }
    total += count;
  }
}

void check_state(const Family& family, const Sample& sample) {
  if (!sample.state) refuse(family, sample, "a sample of a state set has no state");
  if (std::find(family.states.begin(), family.states.end(), *sample.state) == family.states.end()) {
    refuse(family, sample, "unknown state " + shown(*sample.state) + "; declare it or map it to a declared one");
  }
}

bool finite(const Family& family, const Sample& sample) {
  switch (family.type) {
    case Type::histogram:
    case Type::summary:
      return std::isfinite(sample.histogram->sum);
    case Type::gauge:
    case Type::counter:
      return std::isfinite(sample.value);
    case Type::state_set:
    case Type::info:
      break;
  }
  return true;
}

void check(const Family& family, const Sample& sample) {
  check_labels(family, sample);
  const bool is_histogram = family.type == Type::histogram || family.type == Type::summary;
  if (is_histogram) check_histogram(family, sample);
  if (!is_histogram && sample.histogram) refuse(family, sample, "has a histogram value and is none");
  if (family.type == Type::state_set) check_state(family, sample);
  if (family.type != Type::state_set && sample.state) refuse(family, sample, "has a state and is no state set");
  if (family.type == Type::counter && sample.value < 0 && std::isfinite(sample.value)) {
    refuse(family, sample, "a counter is negative: " + std::to_string(sample.value) + "; what can shrink is a gauge");
  }
}

void sort(FamilySamples& family) {
  auto& samples = family.samples;
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.labels < b.labels; });
  const auto twice = std::adjacent_find(samples.begin(), samples.end(),
                                        [](const Sample& a, const Sample& b) { return a.labels == b.labels; });
  if (twice != samples.end()) refuse(*family.family, *twice, "the same series is there twice");
}

}  // namespace

CheckedSamples checked(const Description& description, std::span<const Sample> samples) {
  CheckedSamples out;
  std::unordered_map<std::string_view, std::size_t> index;
  for (const Family& family : description.families) {
    index.emplace(family.name, out.families.size());
    out.families.push_back({&family, {}});
  }
  for (const Sample& sample : samples) {
    const auto found = index.find(sample.family);
    if (found == index.end()) {
      throw BadReport("family " + shown(sample.family) + " is not declared by collector '" + description.name +
                      "'; add it to the families of its description");
    }
    FamilySamples& place = out.families[found->second];
    check(*place.family, sample);
    place.samples.push_back(sample);
  }
  for (FamilySamples& family : out.families) {
    sort(family);
    out.not_finite += std::erase_if(family.samples, [&](const Sample& s) { return !finite(*family.family, s); });
  }
  return out;
}

}  // namespace crm::metrics
