#include "metrics/render.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/block.h"
#include "samples.h"

namespace crm::metrics {
namespace {

using testing::describing;
using testing::refusal;
using testing::text_of;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

const Family open_tickets{.name = "crm_tickets_open", .help = "Tickets open now.", .labels = {"priority"}};
const Family messages{
    .name = "crm_messages_total", .type = Family::Type::counter, .help = "Messages.", .labels = {"direction", "event"}};
const Family response{.name = "crm_response_seconds",
                      .type = Family::Type::histogram,
                      .help = "Response times.",
                      .labels = {"kind"},
                      .buckets = {0.5, 60, 300}};
const Family session{.name = "crm_session_state",
                     .type = Family::Type::state_set,
                     .help = "State of a session.",
                     .labels = {"session"},
                     .states = {"connected", "disconnected", "reconnecting"}};
const Family agent_info{
    .name = "crm_agent_info", .type = Family::Type::info, .help = "Names.", .labels = {"agent", "name"}};

TEST(Render, AGaugeIsItsHelpItsTypeAndALineASeriesInTheOrderOfLabels) {
  EXPECT_EQ(text_of(describing({open_tickets}), {{.family = "crm_tickets_open", .labels = {"urgent"}, .value = 2},
                                                 {.family = "crm_tickets_open", .labels = {"high"}, .value = 3}}),
            "# HELP crm_tickets_open Tickets open now.\n"
            "# TYPE crm_tickets_open gauge\n"
            "crm_tickets_open{priority=\"high\"} 3\n"
            "crm_tickets_open{priority=\"urgent\"} 2\n");
}

TEST(Render, FamiliesComeInTheOrderOfTheDescriptionAndOnesWithoutSamplesNotAtAll) {
  const Family mean{.name = "crm_response_today_mean_seconds", .help = "Mean."};
  EXPECT_EQ(text_of(describing({messages, open_tickets, mean}),
                    {{.family = "crm_response_today_mean_seconds", .value = 41.5},
                     {.family = "crm_messages_total", .labels = {"inbound", "sent"}, .value = 7}}),
            "# HELP crm_messages_total Messages.\n"
            "# TYPE crm_messages_total counter\n"
            "crm_messages_total{direction=\"inbound\",event=\"sent\"} 7\n"
            "# HELP crm_response_today_mean_seconds Mean.\n"
            "# TYPE crm_response_today_mean_seconds gauge\n"
            "crm_response_today_mean_seconds 41.5\n");
}

TEST(Render, ANumberReadsBackAsTheSameDouble) {
  const Family value{.name = "crm_value", .help = "Any.", .labels = {"n"}};
  const auto line = [&](double number) {
    const std::string text = text_of(describing({value}), {{.family = "crm_value", .labels = {"x"}, .value = number}});
    return text.substr(text.find("\ncrm_value{") + 1);
  };
  EXPECT_EQ(line(0.1 + 0.2), "crm_value{n=\"x\"} 0.30000000000000004\n");
  EXPECT_EQ(line(1764000000.123456), "crm_value{n=\"x\"} 1764000000.123456\n");
  EXPECT_EQ(line(12345678901234568.0), "crm_value{n=\"x\"} 1.2345678901234568e+16\n");
  EXPECT_EQ(line(100000), "crm_value{n=\"x\"} 100000\n");
  EXPECT_EQ(line(-0.0), "crm_value{n=\"x\"} 0\n");
  EXPECT_EQ(line(5e-324), "crm_value{n=\"x\"} 5e-324\n");
}

TEST(Render, QuotesBackslashesAndLineEndsAreEscapedInLabelsAndHelp) {
  const Family odd{.name = "crm_odd", .help = "A \\ and\na line.", .labels = {"l"}};
  EXPECT_EQ(text_of(describing({odd}), {{.family = "crm_odd", .labels = {"a\"b\\c\nd"}, .value = 1}}),
            "# HELP crm_odd A \\\\ and\\na line.\n"
            "# TYPE crm_odd gauge\n"
            "crm_odd{l=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(Render, AHistogramIsCumulativeAndEndsWithInfinitySumAndCount) {
  // 4 up to 0.5 s, 4 + 3 = 7 up to 60 s, 7 + 0 = 7 up to 300 s, 7 + 2 = 9 in all
  EXPECT_EQ(
      text_of(
          describing({response}),
          {{.family = "crm_response_seconds", .labels = {"first"}, .histogram = HistogramValue{{4, 3, 0, 2}, 1234.5}}}),
      "# HELP crm_response_seconds Response times.\n"
      "# TYPE crm_response_seconds histogram\n"
      "crm_response_seconds_bucket{kind=\"first\",le=\"0.5\"} 4\n"
      "crm_response_seconds_bucket{kind=\"first\",le=\"60\"} 7\n"
      "crm_response_seconds_bucket{kind=\"first\",le=\"300\"} 7\n"
      "crm_response_seconds_bucket{kind=\"first\",le=\"+Inf\"} 9\n"
      "crm_response_seconds_sum{kind=\"first\"} 1234.5\n"
      "crm_response_seconds_count{kind=\"first\"} 9\n");
}

TEST(Render, AHistogramWithoutBucketsIsASumAndACount) {
  const Family handling{.name = "crm_handling_seconds", .type = Family::Type::histogram, .help = "Handling."};
  EXPECT_EQ(text_of(describing({handling}), {{.family = "crm_handling_seconds", .histogram = HistogramValue{{3}, 90}}}),
            "# HELP crm_handling_seconds Handling.\n"
            "# TYPE crm_handling_seconds histogram\n"
            "crm_handling_seconds_bucket{le=\"+Inf\"} 3\n"
            "crm_handling_seconds_sum 90\n"
            "crm_handling_seconds_count 3\n");
}

TEST(Render, AStateSetIsOneForTheStateThatHoldsAndZeroForTheOthers) {
  EXPECT_EQ(
      text_of(describing({session}), {{.family = "crm_session_state", .labels = {"s1"}, .state = "disconnected"}}),
      "# HELP crm_session_state State of a session.\n"
      "# TYPE crm_session_state gauge\n"
      "crm_session_state{session=\"s1\",crm_session_state=\"connected\"} 0\n"
      "crm_session_state{session=\"s1\",crm_session_state=\"disconnected\"} 1\n"
      "crm_session_state{session=\"s1\",crm_session_state=\"reconnecting\"} 0\n");
}

TEST(Render, AStateSetMayNameTheLabelOfItsStates) {
  Family by_state = session;
  by_state.state_label = "state";
  EXPECT_EQ(
      text_of(describing({by_state}), {{.family = "crm_session_state", .labels = {"s1"}, .state = "reconnecting"}}),
      "# HELP crm_session_state State of a session.\n"
      "# TYPE crm_session_state gauge\n"
      "crm_session_state{session=\"s1\",state=\"connected\"} 0\n"
      "crm_session_state{session=\"s1\",state=\"disconnected\"} 0\n"
      "crm_session_state{session=\"s1\",state=\"reconnecting\"} 1\n");
}

TEST(Render, AnInfoIsAGaugeOfOneWhateverItsValue) {
  EXPECT_EQ(text_of(describing({agent_info}), {{.family = "crm_agent_info", .labels = {"a1", "Zoë"}, .value = 17}}),
            "# HELP crm_agent_info Names.\n"
            "# TYPE crm_agent_info gauge\n"
            "crm_agent_info{agent=\"a1\",name=\"Zoë\"} 1\n");
}

TEST(Render, NoSamplesAreAnEmptyBlock) {
  LabelSlots slots;
  RenderCounts counts;
  const auto block = render(describing({open_tickets}), {}, {}, slots, counts);
  EXPECT_EQ(block->text, "");
  EXPECT_EQ(block->deflated, "");
  EXPECT_EQ(block->crc, 0U);
}

TEST(Render, EqualSamplesInAnyOrderGiveEqualBytes) {
  std::vector<Sample> samples;
  for (int i = 0; i < 50; ++i) {
    samples.push_back({.family = "crm_tickets_open", .labels = {std::to_string(i)}, .value = i * 0.5});
  }
  const std::vector<Sample> reversed(samples.rbegin(), samples.rend());
  EXPECT_EQ(text_of(describing({open_tickets}), samples), text_of(describing({open_tickets}), reversed));
}

TEST(Render, ValuesThatAreNotFiniteAreDroppedAndCounted) {
  LabelSlots slots;
  RenderCounts counts;
  const std::vector<Sample> samples{
      {.family = "crm_tickets_open", .labels = {"low"}, .value = nan},
      {.family = "crm_tickets_open", .labels = {"high"}, .value = 1},
      {.family = "crm_messages_total", .labels = {"inbound", "sent"}, .value = -infinity},
      {.family = "crm_response_seconds", .labels = {"first"}, .histogram = HistogramValue{{1, 0, 0, 0}, nan}}};
  const auto block = render(describing({open_tickets, messages, response}), samples, {}, slots, counts);
  EXPECT_EQ(block->text,
            "# HELP crm_tickets_open Tickets open now.\n"
            "# TYPE crm_tickets_open gauge\n"
            "crm_tickets_open{priority=\"high\"} 1\n");
  EXPECT_EQ(counts.not_finite, 3U);
  EXPECT_EQ(counts.series, 1U);
  EXPECT_EQ(counts.lost(), 3U);
}

TEST(Render, ASummaryIsACountAndASum) {
  const Family handling{"crm_agent_handling_seconds", Family::Type::summary, "Time to resolution.", {"agent"}};
  EXPECT_EQ(text_of(describing({handling}),
                    {{.family = handling.name, .labels = {"a1"}, .histogram = HistogramValue{{3}, 90.5}}}),
            "# HELP crm_agent_handling_seconds Time to resolution.\n"
            "# TYPE crm_agent_handling_seconds summary\n"
            "crm_agent_handling_seconds_sum{agent=\"a1\"} 90.5\n"
            "crm_agent_handling_seconds_count{agent=\"a1\"} 3\n");
  EXPECT_THAT(refusal(describing({handling}),
                      {{.family = handling.name, .labels = {"a1"}, .histogram = HistogramValue{{3, 1}, 90.5}}}),
              ::testing::HasSubstr("has 2 counts"));
}

TEST(BadReport, NamesAFamilyThatIsNotDeclared) {
  EXPECT_EQ(refusal(describing({open_tickets}), {{.family = "crm_ticket_open", .value = 1}}),
            "family 'crm_ticket_open' is not declared by collector 'kpi'; add it to the families of its description");
}

TEST(BadReport, SaysHowManyLabelsThereShouldBe) {
  EXPECT_EQ(refusal(describing({messages}), {{.family = "crm_messages_total", .labels = {"inbound"}, .value = 1}}),
            "family 'crm_messages_total' (direction 'inbound'): a sample has 1 label values, the family declares 2");
}

TEST(BadReport, NamesASeriesThatIsThereTwice) {
  EXPECT_EQ(refusal(describing({open_tickets}), {{.family = "crm_tickets_open", .labels = {"low"}, .value = 1},
                                                 {.family = "crm_tickets_open", .labels = {"high"}, .value = 1},
                                                 {.family = "crm_tickets_open", .labels = {"low"}, .value = 2}}),
            "family 'crm_tickets_open' (priority 'low'): the same series is there twice");
}

TEST(BadReport, NamesAnUnknownState) {
  EXPECT_EQ(
      refusal(describing({session}), {{.family = "crm_session_state", .labels = {"s1"}, .state = "banned"}}),
      "family 'crm_session_state' (session 's1'): unknown state 'banned'; declare it or map it to a declared one");
  EXPECT_EQ(refusal(describing({session}), {{.family = "crm_session_state", .labels = {"s1"}, .value = 1}}),
            "family 'crm_session_state' (session 's1'): a sample of a state set has no state");
}

TEST(BadReport, CountsTheBucketsOfAHistogram) {
  EXPECT_EQ(
      refusal(describing({response}),
              {{.family = "crm_response_seconds", .labels = {"first"}, .histogram = HistogramValue{{1, 2, 3}, 1}}}),
      "family 'crm_response_seconds' (kind 'first'): a histogram has 3 counts, its 3 buckets and the one above need 4");
}

TEST(BadReport, CatchesANegativeCountThatBecameHuge) {
  const auto minus_one = static_cast<std::uint64_t>(std::int64_t{-1});
  EXPECT_EQ(refusal(describing({response}), {{.family = "crm_response_seconds",
                                              .labels = {"first"},
                                              .histogram = HistogramValue{{1, minus_one, 0, 0}, 1}}}),
            "family 'crm_response_seconds' (kind 'first'): the counts of a histogram do not fit in 64 bits together; "
            "a negative count?");
}

TEST(BadReport, SaysThatACounterIsNegative) {
  EXPECT_EQ(
      refusal(describing({messages}), {{.family = "crm_messages_total", .labels = {"inbound", "sent"}, .value = -1}}),
      "family 'crm_messages_total' (direction 'inbound', event 'sent'): a counter is negative: -1.000000; what can "
      "shrink is a gauge");
}

TEST(BadReport, RefusesAValueOfAnotherKind) {
  EXPECT_EQ(refusal(describing({open_tickets}),
                    {{.family = "crm_tickets_open", .labels = {"low"}, .histogram = HistogramValue{{1}, 1}}}),
            "family 'crm_tickets_open' (priority 'low'): has a histogram value and is none");
  EXPECT_EQ(refusal(describing({open_tickets}), {{.family = "crm_tickets_open", .labels = {"low"}, .state = "x"}}),
            "family 'crm_tickets_open' (priority 'low'): has a state and is no state set");
  EXPECT_EQ(refusal(describing({response}), {{.family = "crm_response_seconds", .labels = {"first"}, .value = 3}}),
            "family 'crm_response_seconds' (kind 'first'): a sample of a histogram or summary has no histogram value");
}

TEST(BadReport, NamesTheLabelWhoseValueIsNotUtf8AndPrintsNoneOfIt) {
  EXPECT_EQ(refusal(describing({open_tickets}), {{.family = "crm_tickets_open", .labels = {"\xff"}, .value = 1}}),
            "family 'crm_tickets_open' (priority (not UTF-8)): the value of label 'priority' is not valid UTF-8");
}

TEST(BadReport, ShortensALongValueAtACharacter) {
  std::string cut;  // 39 letters and then two-byte characters: the 40th byte would split one
  for (int i = 0; i < 39; ++i) cut += 'a';
  EXPECT_EQ(refusal(describing({session}), {{.family = "crm_session_state", .labels = {"s1"}, .state = cut + "ééé"}}),
            "family 'crm_session_state' (session 's1'): unknown state '" + cut +
                "…'; declare it or map it to a declared one");
}

}  // namespace
}  // namespace crm::metrics
