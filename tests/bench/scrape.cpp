// A scrape of 10,000 series: blocks that were rendered before, joined, against prometheus-cpp's Collect +
// TextSerializer of the same series in the same run. Prints one line each; exit 1 below the bar.

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "metrics/exposition.h"
#include "metrics/render.h"
#include "metrics/telemetry.h"

namespace {

using namespace crm;
using std::chrono::steady_clock;

constexpr int families = 20;
constexpr int series = 500;  // 20 × 500 = 10,000
constexpr double bar = 20;

// The shortest of some runs: what the work costs, without what the machine was doing beside it.
template <typename Work>
double shortest_ms(Work work) {
  auto best = steady_clock::duration::max();
  for (int i = 0; i < 15; ++i) {
    const auto start = steady_clock::now();
    work();
    best = std::min(best, steady_clock::now() - start);
  }
  return std::chrono::duration<double, std::milli>(best).count();
}

store::BlockPtr block_of(const std::string& name, prometheus::Registry& registry) {
  auto& reference = prometheus::BuildGauge().Name(name).Help("Numbers of agents.").Register(registry);
  Description description;
  description.families = {{.name = name, .help = "Numbers of agents.", .labels = {"id", "kind"}}};
  std::vector<Sample> samples;
  for (int s = 0; s < series; ++s) {
    const std::string id = std::to_string(s);
    reference.Add({{"id", id}, {"kind", "inbound"}}).Set(s * 1.5);
    samples.push_back({.family = name, .labels = {id, "inbound"}, .value = s * 1.5});
  }
  metrics::LabelSlots slots;
  metrics::RenderCounts counts;
  return metrics::render(description, samples, {}, slots, counts);
}

}  // namespace

int main() {
  prometheus::Registry registry;
  metrics::Exposition blocks;
  for (int f = 0; f < families; ++f) blocks.add(block_of("crm_family_" + std::to_string(f), registry));
  metrics::Telemetry telemetry({"0", "bench"});

  std::size_t bytes = 0;
  const double reference =
      shortest_ms([&] { bytes += prometheus::TextSerializer().Serialize(registry.Collect()).size(); });
  const auto scrape = [&](bool gzipped) {
    return shortest_ms([&] {
      metrics::Exposition whole = blocks;
      whole.add(telemetry.text());
      bytes += whole.body(gzipped).size();
    });
  };
  bool good = bytes > 0;
  fmt::print("{:<28} {:>9} {:>14} {:>8} {:>6}\n", "10,000 series", "ours, ms", "reference, ms", "ratio", "bar");
  for (const bool gzipped : {false, true}) {
    const double ours = scrape(gzipped);
    good = good && reference / ours >= bar;
    fmt::print("{:<28} {:>9.3f} {:>14.3f} {:>7.1f}x {:>5.0f}x\n", gzipped ? "/metrics, gzip" : "/metrics, plain", ours,
               reference, reference / ours, bar);
  }
  return good ? 0 : 1;
}
