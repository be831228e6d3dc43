#include "metrics/families.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> problems(std::vector<Family> families) {
  return problems_of(families);
}

TEST(ProblemsOf, GoodFamiliesAreNone) {
  EXPECT_THAT(
      problems({{.name = "crm_open", .help = "Open."},
                {.name = "crm_sent_total", .type = Family::Type::counter, .help = "Sent.", .labels = {"event"}},
                {.name = "crm_response_seconds", .type = Family::Type::histogram, .help = "Times.", .buckets = {1, 2}},
                {.name = "crm_state", .type = Family::Type::state_set, .help = "S.", .states = {"up", "down"}},
                {.name = "crm_agent_info", .type = Family::Type::info, .help = "N.", .labels = {"agent"}}}),
      IsEmpty());
}

TEST(ProblemsOf, NamesAreThoseThatPrometheusTakes) {
  EXPECT_THAT(problems({{.name = "crm open", .help = "X."}}),
              ElementsAre("family 'crm open' has a name that is no metric name"));
  EXPECT_THAT(problems({{.name = "crm_open", .help = "X.", .labels = {"a-b"}}}),
              ElementsAre("family 'crm_open' has a label 'a-b', which is no label name"));
  EXPECT_THAT(problems({{.name = "crm_open", .help = "X.", .labels = {"le"}}}),
              ElementsAre("family 'crm_open' has a label 'le', which Prometheus reserves"));
}

TEST(ProblemsOf, NothingIsDeclaredTwice) {
  EXPECT_THAT(problems({{.name = "crm_open", .help = "X."}, {.name = "crm_open", .help = "X."}}),
              ElementsAre("family 'crm_open' is declared twice"));
  EXPECT_THAT(problems({{.name = "crm_open", .help = "X.", .labels = {"a", "a"}}}),
              ElementsAre("family 'crm_open' has a label twice"));
}

TEST(ProblemsOf, CountersAloneEndInTotal) {
  EXPECT_THAT(problems({{.name = "crm_sent", .type = Family::Type::counter, .help = "X."},
                        {.name = "crm_a_total", .help = "X."}}),
              ElementsAre("family 'crm_sent' must end in _total if it is a counter, and only then",
                          "family 'crm_a_total' must end in _total if it is a counter, and only then"));
}

TEST(ProblemsOf, HelpIsNeeded) {
  EXPECT_THAT(problems({{.name = "crm_open", .help = ""}}),
              ElementsAre("family 'crm_open' has no help, or help that is not UTF-8"));
}

TEST(ProblemsOf, BucketsAscendAndAreFinite) {
  const auto with = [](std::vector<double> buckets) {
    return problems({{.name = "crm_h", .type = Family::Type::histogram, .help = "X.", .buckets = buckets}});
  };
  EXPECT_THAT(with({1, 1}), ElementsAre("family 'crm_h' has buckets that do not ascend"));
  EXPECT_THAT(with({2, 1}), ElementsAre("family 'crm_h' has buckets that do not ascend"));
  EXPECT_THAT(with({1, std::numeric_limits<double>::infinity()}),
              ElementsAre("family 'crm_h' has a bucket that is no finite number (+Inf is added by itself)"));
  EXPECT_THAT(problems({{.name = "crm_g", .help = "X.", .buckets = {1}}}),
              ElementsAre("family 'crm_g' has buckets and is no histogram"));
}

TEST(ProblemsOf, AStateSetHasStatesAndNoLabelOfItsOwnName) {
  EXPECT_THAT(problems({{.name = "crm_s", .type = Family::Type::state_set, .help = "X."}}),
              ElementsAre("family 'crm_s' is a state set without states"));
  EXPECT_THAT(problems({{.name = "crm_s",
                         .type = Family::Type::state_set,
                         .help = "X.",
                         .labels = {"crm_s"},
                         .states = {"a", "a"}}}),
              ElementsAre("family 'crm_s' has a label 'crm_s', under which its states are exported",
                          "family 'crm_s' has a state twice"));
  EXPECT_THAT(problems({{.name = "crm_s",
                         .type = Family::Type::state_set,
                         .help = "X.",
                         .labels = {"state", "crm_s"},
                         .states = {"a"},
                         .state_label = "state"}}),
              ElementsAre("family 'crm_s' has a label 'state', under which its states are exported"));
  EXPECT_THAT(
      problems(
          {{.name = "crm_s", .type = Family::Type::state_set, .help = "X.", .states = {"a"}, .state_label = "my state"},
           {.name = "crm_g", .help = "X.", .state_label = "state"}}),
      ElementsAre("family 'crm_s' has a label for states 'my state', which is no label name or of no use",
                  "family 'crm_g' has a label for states 'state', which is no label name or of no use"));
  EXPECT_THAT(problems({{.name = "crm_s", .help = "X.", .states = {"a"}}}),
              ElementsAre("family 'crm_s' has states and is no state set"));
}

}  // namespace
}  // namespace crm::metrics
