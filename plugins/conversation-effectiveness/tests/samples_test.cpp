// The samples of conversation-effectiveness, from counted facts.

#include "samples.h"

#include <map>

#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "description.h"

namespace conversation_effectiveness {
namespace {

using crm::FactTable;

const crm::Description described = description();

FactTable response(std::int64_t answered, std::int64_t ms, std::vector<std::int64_t> counts) {
  return FactTable({"answered", "response_ms"}, {"response"},
                   {{.values = {answered, ms}, .histograms = {std::move(counts)}}});
}

Counted counted() {
  Counted counted;
  counted.conversations = FactTable({"created", "resolved"}, {}, {{.values = {9, 4}}});
  counted.resolutions = FactTable({"resolved", "resolution_ms"}, {"resolution"},
                                  {{.values = {2, 1'500}, .histograms = {{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}}}});
  counted.first_responses = response(1, 16'000, {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  counted.turns = response(3, 90'250, {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  counted.sla = FactTable({"compliant", "breached", "answered", "response_ms"}, {}, {{.values = {6, 2, 7, 0}}});
  counted.waiting = SlaWaiting{.in_time = 3, .overdue = 1};
  counted.sla_target_seconds = 300;
  return counted;
}

// By family and label; a histogram by its sum.
std::map<std::string, double> samples(const Counted& counted) {
  std::map<std::string, double> all;
  for (const crm::Sample& sample : to_samples(counted, described)) {
    std::string name = sample.family;
    for (const std::string& label : sample.labels) name += " " + label;
    all[name] = sample.histogram ? sample.histogram->sum : sample.value;
  }
  return all;
}

TEST(Samples, AreTheCountersOfTheFacts) {
  EXPECT_EQ(samples(counted()), (std::map<std::string, double>{{"crm_conversations_created_total", 9},
                                                               {"crm_conversations_resolved_total", 2},
                                                               {"crm_first_response_seconds", 16},
                                                               {"crm_resolution_seconds", 1.5},
                                                               {"crm_response_seconds", 90.25},
                                                               {"crm_sla_conversations_total breached", 2},
                                                               {"crm_sla_conversations_total compliant", 6},
                                                               {"crm_sla_target_seconds", 300},
                                                               {"crm_sla_waiting in_time", 3},
                                                               {"crm_sla_waiting overdue", 1}}));
}

TEST(Samples, OfFactsThatCountedNothingAreZeroAndHaveAllBuckets) {
  Counted nothing = counted();
  for (FactTable* fact :
       {&nothing.conversations, &nothing.resolutions, &nothing.first_responses, &nothing.turns, &nothing.sla}) {
    *fact = FactTable(fact->columns(), fact->histograms(), {});
  }
  for (const crm::Sample& sample : to_samples(nothing, described)) {
    if (!sample.histogram) continue;
    EXPECT_EQ(sample.histogram->counts.size(), family_of(described, sample.family.c_str()).buckets.size() + 1);
    EXPECT_EQ(sample.histogram->sum, 0);
  }
  EXPECT_EQ(samples(nothing).at("crm_conversations_created_total"), 0);
  EXPECT_EQ(samples(nothing).at("crm_sla_conversations_total breached"), 0);
}

TEST(Samples, OfAbsentViewsAreAbsent) {
  Counted counted = conversation_effectiveness::counted();
  for (FactTable* fact :
       {&counted.conversations, &counted.resolutions, &counted.first_responses, &counted.turns, &counted.sla}) {
    *fact = FactTable::of_absent_view("messages");
  }
  counted.waiting.reset();
  EXPECT_EQ(samples(counted), (std::map<std::string, double>{{"crm_sla_target_seconds", 300}}));
}

TEST(Samples, OfOtherBoundsThanTheFactsAreADefect) {
  Counted counted = conversation_effectiveness::counted();
  counted.turns = response(1, 0, {1, 0});
  EXPECT_THROW(to_samples(counted, described), crm::UsageError);
}

}  // namespace
}  // namespace conversation_effectiveness
