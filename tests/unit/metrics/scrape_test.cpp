// A whole scrape, judged by promtool, and its cost against prometheus-cpp's own way.

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "metrics/exposition.h"
#include "metrics/families.h"
#include "metrics/telemetry.h"
#include "programs.h"
#include "samples.h"

namespace crm::metrics {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// One family of each type, with labels that try to break out of their quotes.
Description every_type() {
  return testing::describing(
      {{.name = "crm_tickets_open", .help = "Tickets \"open\" now.\nTwo lines, a \\.", .labels = {"priority"}},
       {.name = "crm_messages_total", .type = Family::Type::counter, .help = "Messages.", .labels = {"direction"}},
       {.name = "crm_response_seconds", .type = Family::Type::histogram, .help = "Times.", .buckets = {0.5, 60}},
       {.name = "crm_session_state",
        .type = Family::Type::state_set,
        .help = "State.",
        .labels = {"session"},
        .states = {"connected", "disconnected"}},
       {.name = "crm_agent_info", .type = Family::Type::info, .help = "Names.", .labels = {"agent", "name"}}});
}

std::vector<Sample> samples_of_every_type() {
  return {{.family = "crm_tickets_open", .labels = {"high\"} 7\n# EOF"}, .value = 3},
          {.family = "crm_tickets_open", .labels = {""}, .value = 0.1 + 0.2},
          {.family = "crm_messages_total", .labels = {"inbound\\"}, .value = 1e21},
          {.family = "crm_response_seconds", .histogram = HistogramValue{{1, 2, 3}, 400.25}},
          {.family = "crm_session_state", .labels = {"s1"}, .state = "connected"},
          {.family = "crm_agent_info", .labels = {"a1", "Zoë 😀"}}};
}

void use_everything(Telemetry& telemetry) {
  telemetry.add_collector("kpi");
  RunOutcome run{.result = RunResult::timeout, .duration = 250ms};
  telemetry.collector_finished("kpi", run);
  run = {.result = RunResult::ok, .unknown = {{"tickets", "priority", 2}}};
  telemetry.collector_finished("kpi", run);
  telemetry.query_finished("kpi/open_tickets", 7ms, 4);
  telemetry.request_finished("/api/dashboard/kpi", "GET", 200, 2ms);
  telemetry.reload_finished(true, Instant{1'795'435'200s});
  telemetry.plugins_loaded(std::vector<std::string>{"kpi"});
}

TEST(Scrape, PromtoolHasNothingToSay) {
  Telemetry telemetry({"1.2.3", "abc123"});
  use_everything(telemetry);
  AgentSlots slots;
  RenderCounts counts;
  Exposition exposition;
  EXPECT_EQ(problems_of(every_type().families), std::vector<std::string>{});
  const auto description = every_type();
  exposition.add(render(description, samples_of_every_type(), {}, slots, counts));
  exposition.add(telemetry.text());
  const auto verdict = testing::promtool(exposition.plain());
  EXPECT_EQ(verdict.text, "");
  EXPECT_EQ(verdict.status, 0);
}

TEST(Scrape, PromtoolWouldHaveSpoken) {
  EXPECT_NE(testing::promtool("crm_broken{l=\"\xff\"} 1\n").status, 0);
  EXPECT_NE(testing::promtool("# TYPE crm_sent counter\ncrm_sent 1\n").text, "");
}

// The shortest of some runs: what the work costs, without what the machine was doing beside it.
template <typename Work>
steady_clock::duration shortest(Work work) {
  auto best = steady_clock::duration::max();
  for (int i = 0; i < 15; ++i) {
    const auto start = steady_clock::now();
    work();
    best = std::min(best, steady_clock::now() - start);
  }
  return best;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;  // our code is slowed down many times, the library that it is compared with is not
#else
constexpr bool sanitized = false;
#endif

TEST(Scrape, OfTenThousandSeriesIsTwentyTimesFasterThanCollectAndSerialize) {
  if (sanitized) GTEST_SKIP() << "times mean nothing under a sanitizer";
  constexpr int families = 20;
  constexpr int series = 500;  // 20 × 500 = 10,000
  prometheus::Registry registry;
  Exposition exposition;
  for (int f = 0; f < families; ++f) {
    const std::string name = "crm_family_" + std::to_string(f);
    auto& reference = prometheus::BuildGauge().Name(name).Help("Numbers of agents.").Register(registry);
    std::vector<Sample> samples;
    for (int s = 0; s < series; ++s) {
      const std::string id = std::to_string(s);
      reference.Add({{"id", id}, {"kind", "inbound"}}).Set(s * 1.5);
      samples.push_back({.family = name, .labels = {id, "inbound"}, .value = s * 1.5});
    }
    AgentSlots slots;
    RenderCounts counts;
    const auto description =
        testing::describing({{.name = name, .help = "Numbers of agents.", .labels = {"id", "kind"}}});
    exposition.add(render(description, samples, {}, slots, counts));
    EXPECT_EQ(counts.series, 500U);
  }
  Telemetry telemetry({"1.2.3", "abc123"});
  use_everything(telemetry);

  std::size_t bytes = 0;
  const auto reference = shortest([&] { bytes += prometheus::TextSerializer().Serialize(registry.Collect()).size(); });
  const auto scrape = [&](bool gzipped) {
    return shortest([&] {
      Exposition whole = exposition;
      whole.add(telemetry.text());
      bytes += whole.body(gzipped).size();
    });
  };
  const auto plain = scrape(false);
  const auto gzip = scrape(true);
  RecordProperty("reference_us", static_cast<int>(reference / 1us));
  RecordProperty("plain_us", static_cast<int>(plain / 1us));
  RecordProperty("gzip_us", static_cast<int>(gzip / 1us));
  EXPECT_GT(bytes, 0U);
  EXPECT_GT(reference, 20 * plain) << reference / 1us << " µs against " << plain / 1us << " µs";
  EXPECT_GT(reference, 20 * gzip) << reference / 1us << " µs against " << gzip / 1us << " µs";
}

}  // namespace
}  // namespace crm::metrics
