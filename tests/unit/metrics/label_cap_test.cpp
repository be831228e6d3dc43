#include "metrics/label_cap.h"

#include <gtest/gtest.h>

#include "metrics/families.h"
#include "metrics/render.h"
#include "samples.h"

namespace crm::metrics {
namespace {

using testing::describing;

const Family open_conversations{.name = "crm_agent_open", .help = "Open.", .labels = {"agent"}};
const Family chats{
    .name = "crm_agent_chats_total", .type = Family::Type::counter, .help = "Chats.", .labels = {"agent"}};

// The sample lines of the text, without HELP and TYPE.
std::string lines(const std::string& text) {
  std::string kept;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from) + 1;
    if (text[from] != '#') kept += text.substr(from, end - from);
    from = end;
  }
  return kept;
}

struct Rendered {
  std::string lines;
  RenderCounts counts;
};

Rendered capped(const Description& description, const std::vector<Sample>& samples, std::size_t max_agents,
                LabelSlots& slots) {
  Rendered out;
  out.lines = lines(render(description, samples, {.max_agents = max_agents}, slots, out.counts)->text);
  return out;
}

Rendered capped(const Description& description, const std::vector<Sample>& samples, std::size_t max_agents) {
  LabelSlots slots;
  return capped(description, samples, max_agents, slots);
}

Sample open_of(std::string agent, double value) {
  return {.family = "crm_agent_open", .labels = {agent}, .value = value};
}
Sample chats_of(std::string agent, double value) {
  return {.family = "crm_agent_chats_total", .labels = {agent}, .value = value};
}

TEST(AgentCap, AsManyAgentsAsAllowedAreAllShown) {
  const auto out = capped(describing({open_conversations}), {open_of("a", 1), open_of("b", 2)}, 2);
  EXPECT_EQ(out.lines, "crm_agent_open{agent=\"a\"} 1\ncrm_agent_open{agent=\"b\"} 2\n");
  EXPECT_EQ(out.counts.dropped_series, 0U);
}

TEST(AgentCap, GaugesOfTheSmallestAreSummedUnderOther) {
  // b 9 and d 7 are the largest two; a 1 + c 4 = 5
  const auto out =
      capped(describing({open_conversations}), {open_of("a", 1), open_of("b", 9), open_of("c", 4), open_of("d", 7)}, 2);
  EXPECT_EQ(out.lines,
            "crm_agent_open{agent=\"b\"} 9\ncrm_agent_open{agent=\"d\"} 7\ncrm_agent_open{agent=\"other\"} 5\n");
  EXPECT_EQ(out.counts.dropped_series, 2U);
  EXPECT_EQ(out.counts.series, 3U);
}

TEST(AgentCap, OfEqualAgentsTheFirstByNameIsShown) {
  const auto out = capped(describing({open_conversations}), {open_of("c", 5), open_of("a", 5), open_of("b", 5)}, 1);
  EXPECT_EQ(out.lines, "crm_agent_open{agent=\"a\"} 5\ncrm_agent_open{agent=\"other\"} 10\n");
}

TEST(AgentCap, TheRestIsSummedForEachOfTheOtherLabels) {
  const Family by_band{.name = "crm_x", .help = "X.", .labels = {"band", "agent"}};
  const auto sample = [](std::string band, std::string agent, double value) {
    return Sample{.family = "crm_x", .labels = {band, agent}, .value = value};
  };
  // a has 1 + 9 = 10 in all, b 2 + 3 = 5, c 4: a is shown; high: b 2 + c 4 = 6, low: b 3
  const auto out = capped(describing({by_band}),
                          {sample("high", "a", 1), sample("low", "a", 9), sample("high", "b", 2), sample("low", "b", 3),
                           sample("high", "c", 4)},
                          1);
  EXPECT_EQ(out.lines,
            "crm_x{band=\"high\",agent=\"a\"} 1\ncrm_x{band=\"high\",agent=\"other\"} 6\n"
            "crm_x{band=\"low\",agent=\"a\"} 9\ncrm_x{band=\"low\",agent=\"other\"} 3\n");
  EXPECT_EQ(out.counts.dropped_series, 3U);
}

TEST(AgentCap, AnAgentWhoIsReallyCalledOtherJoinsTheRest) {
  const auto out =
      capped(describing({open_conversations}), {open_of("other", 100), open_of("a", 2), open_of("b", 3)}, 1);
  EXPECT_EQ(out.lines, "crm_agent_open{agent=\"b\"} 3\ncrm_agent_open{agent=\"other\"} 102\n");
}

TEST(AgentCap, AnAgentWhoIsReallyCalledOtherIsShownWhereAllAre) {
  const auto out = capped(describing({open_conversations}), {open_of("other", 100), open_of("a", 2)}, 2);
  EXPECT_EQ(out.lines, "crm_agent_open{agent=\"a\"} 2\ncrm_agent_open{agent=\"other\"} 100\n");
  EXPECT_EQ(out.counts.dropped_series, 0U);
}

TEST(AgentCap, RatiosMeansAndInstantsAreNotSummed) {
  for (const std::string name : {"crm_x_ratio", "crm_x_mean_seconds", "crm_x_timestamp_seconds"}) {
    const Family family{.name = name, .help = "X.", .labels = {"agent"}};
    const auto out =
        capped(describing({family}),
               {{.family = name, .labels = {"a"}, .value = 0.5}, {.family = name, .labels = {"b"}, .value = 0.6}}, 1);
    EXPECT_EQ(out.lines, name + "{agent=\"b\"} 0.6\n");
    EXPECT_EQ(out.counts.dropped_series, 1U);
  }
}

TEST(AgentCap, CountersDropTheRest) {
  const auto out = capped(describing({chats}), {chats_of("a", 1), chats_of("b", 9), chats_of("c", 4)}, 2);
  EXPECT_EQ(out.lines, "crm_agent_chats_total{agent=\"b\"} 9\ncrm_agent_chats_total{agent=\"c\"} 4\n");
  EXPECT_EQ(out.counts.dropped_series, 1U);
}

TEST(AgentCap, ACounterKeepsItsPlaceWhenOthersOvertakeIt) {
  LabelSlots slots;
  const auto description = describing({chats});
  capped(description, {chats_of("a", 2), chats_of("b", 1)}, 1, slots);
  const auto later = capped(description, {chats_of("a", 2), chats_of("b", 50)}, 1, slots);
  EXPECT_EQ(later.lines, "crm_agent_chats_total{agent=\"a\"} 2\n");
}

TEST(AgentCap, AFreePlaceGoesToTheLargestNewAgent) {
  LabelSlots slots;
  const auto description = describing({chats});
  capped(description, {chats_of("a", 2)}, 2, slots);
  const auto later = capped(description, {chats_of("a", 2), chats_of("b", 1), chats_of("c", 5)}, 2, slots);
  EXPECT_EQ(later.lines, "crm_agent_chats_total{agent=\"a\"} 2\ncrm_agent_chats_total{agent=\"c\"} 5\n");
}

TEST(AgentCap, APlaceIsKeptForAnAgentWhoIsAwayForARun) {
  LabelSlots slots;
  const auto description = describing({chats});
  capped(description, {chats_of("a", 2)}, 1, slots);
  EXPECT_EQ(capped(description, {chats_of("b", 9)}, 1, slots).lines, "");
  EXPECT_EQ(capped(description, {chats_of("a", 3), chats_of("b", 9)}, 1, slots).lines,
            "crm_agent_chats_total{agent=\"a\"} 3\n");
}

TEST(AgentCap, ARefusedReportTakesNoPlace) {
  LabelSlots slots;
  const auto description = describing({chats});
  EXPECT_THROW(capped(description, {chats_of("a", 2), chats_of("b", -1)}, 1, slots), BadReport);
  EXPECT_TRUE(slots.families.empty());
}

TEST(AgentCap, HistogramsOfTheBusiestStay) {
  const Family handling{
      .name = "crm_handling_seconds", .type = Family::Type::histogram, .help = "H.", .labels = {"agent"}};
  const auto of = [](std::string agent, std::uint64_t count, double sum) {
    return Sample{.family = "crm_handling_seconds", .labels = {agent}, .histogram = HistogramValue{{count}, sum}};
  };
  const auto out = capped(describing({handling}), {of("slow", 1, 9'000), of("busy", 3, 90)}, 1);
  EXPECT_EQ(out.lines,
            "crm_handling_seconds_bucket{agent=\"busy\",le=\"+Inf\"} 3\ncrm_handling_seconds_sum{agent=\"busy\"} 90\n"
            "crm_handling_seconds_count{agent=\"busy\"} 3\n");
}

TEST(AgentCap, NamesAreThoseOfTheAgentsWhomOtherFamiliesShow) {
  const Family info{.name = "crm_agent_info", .type = Family::Type::info, .help = "N.", .labels = {"agent", "name"}};
  const auto name_of = [](std::string agent) {
    return Sample{.family = "crm_agent_info", .labels = {agent, "N" + agent}};
  };
  const auto out =
      capped(describing({info, open_conversations}), {name_of("a"), name_of("b"), open_of("a", 1), open_of("b", 2)}, 1);
  EXPECT_EQ(
      out.lines,
      "crm_agent_info{agent=\"b\",name=\"Nb\"} 1\ncrm_agent_open{agent=\"b\"} 2\ncrm_agent_open{agent=\"other\"} 1\n");
  EXPECT_EQ(out.counts.dropped_series, 2U);
}

TEST(AgentCap, FamiliesWithoutTheLabelAreUntouched) {
  const Family tickets{.name = "crm_tickets", .help = "T.", .labels = {"priority"}};
  const auto out = capped(
      describing({tickets}),
      {{.family = "crm_tickets", .labels = {"a"}, .value = 1}, {.family = "crm_tickets", .labels = {"b"}, .value = 1}},
      0);
  EXPECT_EQ(out.lines, "crm_tickets{priority=\"a\"} 1\ncrm_tickets{priority=\"b\"} 1\n");
}

TEST(AgentCap, OfNoAgentsAllowedAllAreOther) {
  EXPECT_EQ(capped(describing({open_conversations}), {open_of("a", 1), open_of("b", 2)}, 0).lines,
            "crm_agent_open{agent=\"other\"} 3\n");
}

// --- a cap of the family's own ---------------------------------------------------------------------------------------

const Family intents{.name = "crm_intents_total",
                     .type = Family::Type::counter,
                     .help = "Intents.",
                     .labels = {"intent", "outcome"},
                     .cap = Family::Cap{"intent", 2}};

Sample intent(std::string name, std::string outcome, double value) {
  return {.family = "crm_intents_total", .labels = {std::move(name), std::move(outcome)}, .value = value};
}

TEST(OwnCap, ShowsTheLargestAndSumsTheRestOfCountersToo) {
  // a has 5 + 1 = 6, b 4, c 1 + 2 = 3, d 2: a and b are shown.
  const auto out = capped(describing({intents}),
                          {intent("a", "no", 1), intent("a", "yes", 5), intent("b", "yes", 4), intent("c", "no", 1),
                           intent("c", "yes", 2), intent("d", "yes", 2)},
                          200);
  EXPECT_EQ(out.lines,
            "crm_intents_total{intent=\"a\",outcome=\"no\"} 1\ncrm_intents_total{intent=\"a\",outcome=\"yes\"} 5\n"
            "crm_intents_total{intent=\"b\",outcome=\"yes\"} 4\n"
            "crm_intents_total{intent=\"other\",outcome=\"no\"} 1\n"
            "crm_intents_total{intent=\"other\",outcome=\"yes\"} 4\n");
  EXPECT_EQ(out.counts.dropped_series, 3U);
}

TEST(OwnCap, ACounterKeepsItsPlaceSoThatTheRestNeverFalls) {
  LabelSlots slots;
  capped(describing({intents}), {intent("a", "yes", 6), intent("b", "yes", 4), intent("c", "yes", 3)}, 200, slots);
  const auto later =
      capped(describing({intents}), {intent("a", "yes", 6), intent("b", "yes", 4), intent("c", "yes", 9)}, 200, slots);
  EXPECT_EQ(later.lines,
            "crm_intents_total{intent=\"a\",outcome=\"yes\"} 6\ncrm_intents_total{intent=\"b\",outcome=\"yes\"} 4\n"
            "crm_intents_total{intent=\"other\",outcome=\"yes\"} 9\n");
}

TEST(OwnCap, MustBeOfALabelThatTheFamilyHasAndOfWhatCanBeSummed) {
  Family wrong = intents;
  wrong.cap->label = "code";
  EXPECT_EQ(problems_of(std::vector<Family>{wrong}).size(), 1U);
  Family info{
      .name = "crm_x_info", .type = Family::Type::info, .help = "X.", .labels = {"x"}, .cap = Family::Cap{"x", 1}};
  EXPECT_EQ(problems_of(std::vector<Family>{info}).size(), 1U);
}

}  // namespace
}  // namespace crm::metrics
