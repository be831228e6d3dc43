// Rows → samples: labels, merging, and what is done with too many values.

#include "samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "options.h"

namespace custom_sql::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Sampling {
  std::vector<std::string> lines;  // "family label… value", a histogram's value as "5+1+0=12.5"
  std::vector<std::string> warnings;
};

std::string text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string line(const crm::Sample& sample) {
  std::string line = sample.family.substr(std::string("crm_custom_").size());
  for (const std::string& label : sample.labels) line += " " + (label.empty() ? "''" : label);
  if (!sample.histogram) return line + " " + text(sample.value);
  std::string counts;
  for (const std::uint64_t count : sample.histogram->counts)
    counts += (counts.empty() ? "" : "+") + std::to_string(count);
  return line + " " + counts + "=" + text(sample.histogram->sum);
}

Sampling sample(const Values& options, const crm::Rows& rows) {
  const Definition made = definition(options);
  const Plan planned = plan(made);
  const Sampled sampled = to_samples(made, planned, read_table(made, planned, rows));
  Sampling sampling{{}, sampled.warnings};
  for (const crm::Sample& one : sampled.samples) sampling.lines.push_back(line(one));
  return sampling;
}

std::string contract_fault(const Values& options, const crm::Rows& rows) {
  try {
    sample(options, rows);
  } catch (const crm::ContractError& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(Samples, AreOneForEachRowAndValue) {
  const auto sampled = sample(open_() + column("closed", {{"role", "counter"}}),
                              crm::Rows({"priority", "tickets", "closed", "not_declared"},
                                        {{"high", "2", "7", "x"}, {"low", "0", "1.5", "x"}}));
  EXPECT_THAT(sampled.lines, UnorderedElementsAre("open_tickets high 2", "open_tickets low 0",
                                                  "open_closed_total high 7", "open_closed_total low 1.5"));
  EXPECT_THAT(sampled.warnings, IsEmpty());
}

TEST(Samples, OfNoRowsAreNone) {
  EXPECT_THAT(sample(open_(), crm::Rows({"priority", "tickets"}, {})).lines, IsEmpty());
}

TEST(Samples, AreLeftOutWhereThereIsNull) {
  EXPECT_THAT(sample(open_(), crm::Rows({"priority", "tickets"}, {{"high", std::nullopt}, {std::nullopt, "3"}})).lines,
              ElementsAre("open_tickets '' 3"));
}

TEST(Samples, OfInstantsAreSecondsAndOfBooleansZeroOrOne) {
  const Values options = basics() + column("at", {{"role", "gauge"}, {"type", "instant"}}) +
                         column("up", {{"role", "gauge"}, {"type", "boolean"}});
  EXPECT_THAT(sample(options, crm::Rows({"at", "up"}, {{"1970-01-01 01:00:00.5+01", "t"}})).lines,
              ElementsAre("open_at 0.5", "open_up 1"));
}

TEST(Samples, MayHaveLabelsThatAreFixed) {
  const auto of = [](const char* state) -> Values {
    return {{"role", "gauge"}, {"metric", "crm_custom_t"}, {"labels.state", state}};
  };
  EXPECT_THAT(
      sample(basics() + column("a", of("open")) + column("b", of("closed")), crm::Rows({"a", "b"}, {{"1", "2"}})).lines,
      ElementsAre("t closed 2", "t open 1"));
}

TEST(Samples, OfOneSeriesAreMergedAsTheColumnSays) {
  const crm::Rows rows({"priority", "tickets"}, {{"high", "2"}, {"low", "1"}, {"high", "5"}});
  const auto merged = [&](const char* merge) {
    return sample(open_() + Values{{"columns.tickets.merge", merge}}, rows).lines;
  };
  EXPECT_THAT(merged("sum"), ElementsAre("open_tickets high 7", "open_tickets low 1"));
  EXPECT_THAT(merged("max"), ElementsAre("open_tickets high 5", "open_tickets low 1"));
  EXPECT_THAT(merged("min"), ElementsAre("open_tickets high 2", "open_tickets low 1"));
  EXPECT_EQ(
      contract_fault(open_(), rows),
      "its query gives several rows with priority 'high' for crm_custom_open_tickets; make what tells them apart a "
      "label, or say how they merge (merge: sum, max or min)");
  EXPECT_EQ(
      contract_fault(basics() + column("x", {{"role", "gauge"}}), crm::Rows({"x"}, {{"1"}, {"2"}})),
      "its query gives several rows without a label for crm_custom_open_x; make what tells them apart a label, or "
      "say how they merge (merge: sum, max or min)");
}

TEST(Samples, OfCountersAndHistogramsAreAdded) {
  const Values options = basics() + column("n", {{"role", "counter"}}) +
                         column("b5", {{"role", "bucket"}, {"le", "5"}}) +
                         column("all", {{"role", "bucket"}, {"le", "inf"}}) + column("s", {{"role", "sum"}});
  // up to 5: 2 + 1; above: (3 − 2) + (4 − 1)
  EXPECT_THAT(
      sample(options, crm::Rows({"n", "b5", "all", "s"}, {{"1", "2", "3", "10.5"}, {"4", "1", "4", "2"}})).lines,
      ElementsAre("open 3+4=12.5", "open_n_total 5"));
}

TEST(Samples, OfTooManyValuesOfALabelAreMergedOrLeftOut) {
  const Values two = open_() + Values{{"columns.priority.max_values", std::int64_t{2}}} +
                     column("oldest", {{"role", "gauge"}, {"merge", "max"}}) + column("sent", {{"role", "counter"}});
  const auto sampled =
      sample(two, crm::Rows({"priority", "tickets", "oldest", "sent"},
                            {{"a", "1", "1", "1"}, {"b", "2", "2", "2"}, {"c", "3", "9", "3"}, {"d", "4", "4", "4"}}));
  // tickets does not say how to merge, and counters are never put under other
  EXPECT_THAT(sampled.lines,
              ElementsAre("open_oldest a 1", "open_oldest b 2", "open_oldest other 9", "open_sent_total a 1",
                          "open_sent_total b 2", "open_tickets a 1", "open_tickets b 2"));
  EXPECT_THAT(
      sampled.warnings,
      ElementsAre("the label 'priority' has more than 2 values (max_values); the rest is under `other` where it can "
                  "be merged, else left out"));
}

TEST(Tables, LackNoColumn) {
  EXPECT_EQ(contract_fault(open_(), crm::Rows({"prio", "tickets"}, {})),
            "its query gives no column 'priority'; it gives prio, tickets");
  EXPECT_EQ(contract_fault(open_(), crm::Rows({"priority", "tickets", "tickets"}, {})),
            "its query gives more than one column 'tickets'; name them apart");
}

TEST(Tables, SkipAndCountRowsThatAreNonsense) {
  const Values options = basics() + column("n", {{"role", "counter"}, {"type", "integer"}}) +
                         column("b5", {{"role", "bucket"}, {"le", "5"}}) +
                         column("all", {{"role", "bucket"}, {"le", "inf"}}) + column("s", {{"role", "sum"}});
  crm::Rows rows({"n", "b5", "all", "s"}, {{"one", "1", "1", "1"},
                                           {"1", "1", "1", "NaN"},
                                           {"1", "3", "2", "1"},
                                           {"1", std::nullopt, "2", "1"},
                                           {"-1", "1", "2", "1"},
                                           {"1", "-1", "2", "1"},
                                           {"1", "1", "2", "4"}});
  std::vector<std::string> skipped;
  rows.on_skip([&](std::string_view reason) { skipped.emplace_back(reason); });
  EXPECT_THAT(sample(options, rows).lines, ElementsAre("open 1+1=4", "open_n_total 1"));
  EXPECT_THAT(skipped,
              ElementsAre("column 'n': 'one' is not a 64-bit integer", "column 's': 'NaN' is not a finite number",
                          HasSubstr("column 'all': 2 is less than the bucket before it (3)"), "column 'b5' is NULL",
                          "column 'n' is a counter below 0",
                          HasSubstr("column 'b5': -1 is less than the bucket before it (0)")));
}

}  // namespace
}  // namespace custom_sql::testing
