// A whole scrape, judged by promtool.

#include <gtest/gtest.h>

#include "metrics/exposition.h"
#include "metrics/families.h"
#include "metrics/telemetry.h"
#include "programs.h"
#include "samples.h"

namespace crm::metrics {
namespace {

using namespace std::chrono_literals;

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
  LabelSlots slots;
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

}  // namespace
}  // namespace crm::metrics
