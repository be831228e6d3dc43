// Which columns make which family, and which do not go together.

#include "plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "description.h"
#include "options.h"

namespace custom_sql::testing {
namespace {

using crm::Family;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Values histogram() {
  return column("upto_10", {{"role", "bucket"}, {"le", "10"}}) + column("upto_5", {{"role", "bucket"}, {"le", "5"}}) +
         column("all", {{"role", "bucket"}, {"le", "inf"}}) + column("seconds", {{"role", "sum"}});
}

TEST(Plans, HaveAFamilyForEachValueWithTheLabelsOfAll) {
  const Plan made = plan(definition(open_() + column("closed", {{"role", "counter"}, {"help", "Closed."}})));
  ASSERT_EQ(made.families.size(), 2U);
  EXPECT_EQ(made.families[0].name, "crm_custom_open_closed_total");
  EXPECT_EQ(made.families[0].type, Family::Type::counter);
  EXPECT_EQ(made.families[0].help, "Closed.");
  EXPECT_THAT(made.families[0].labels, ElementsAre("priority"));
  EXPECT_EQ(made.families[1].name, "crm_custom_open_tickets");
  EXPECT_EQ(made.families[1].type, Family::Type::gauge);
}

TEST(Plans, MakeAHistogramOfBucketsInTheOrderOfTheirBounds) {
  const Plan made = plan(definition(basics() + histogram()));
  ASSERT_EQ(made.families.size(), 1U);
  EXPECT_EQ(made.families[0].name, "crm_custom_open");
  EXPECT_EQ(made.families[0].type, Family::Type::histogram);
  EXPECT_THAT(made.families[0].buckets, ElementsAre(5, 10));
  // all, seconds, upto_10, upto_5
  EXPECT_THAT(made.histograms.front().buckets, ElementsAre(3, 2, 0));
  EXPECT_EQ(made.histograms.front().sum, 1U);
}

TEST(Plans, MayHaveTwoColumnsInOneFamily) {
  const auto of = [](const char* state) -> Values {
    return {{"role", "gauge"}, {"metric", "crm_custom_tickets"}, {"labels.state", state}};
  };
  const Plan made = plan(definition(basics() + column("a", of("open")) + column("b", of("closed"))));
  ASSERT_EQ(made.families.size(), 1U);
  EXPECT_THAT(made.families[0].labels, ElementsAre("state"));
  EXPECT_THAT(made.values[1].fixed, ElementsAre("closed"));
  const std::string rule =
      "columns.b.metric: crm_custom_tickets is what column 'a' gives too; give it another name, or the same labels: "
      "with "
      "another value";
  EXPECT_EQ(refusal(basics() + column("a", of("open")) + column("b", of("open"))), rule);
  EXPECT_EQ(refusal(basics() + column("a", of("open")) +
                    column("b", {{"role", "gauge"}, {"metric", "crm_custom_tickets"}, {"labels.kind", "x"}})),
            rule);
}

TEST(BadPlans, AreToldInOneLine) {
  EXPECT_EQ(refusal(open_() + column("p", {{"role", "label"}, {"label", "priority"}})),
            "columns.priority.label: 'priority' is the label of column 'p' already");
  EXPECT_EQ(refusal(open_() + column("tickets", {{"labels.priority", "high"}})),
            "columns.tickets.labels: 'priority' is the label of a column already");
  EXPECT_EQ(refusal(basics() + column("x", {{"role", "bucket"}, {"le", "5"}}) + column("y", {{"role", "sum"}})),
            "columns.x: the histogram crm_custom_open has no column of role bucket with le: inf, which counts all");
  EXPECT_EQ(refusal(basics() + column("x", {{"role", "bucket"}, {"le", "inf"}})),
            "columns.x: the histogram crm_custom_open has no column of role sum");
  EXPECT_EQ(refusal(basics() + column("y", {{"role", "sum"}})),
            "columns.y: the histogram crm_custom_open has no column of role bucket with le: inf, which counts all");
  EXPECT_EQ(refusal(basics() + histogram() + column("sum", {{"role", "sum"}})),
            "columns.sum: the histogram crm_custom_open has a column of role sum already");
  EXPECT_EQ(refusal(basics() + histogram() + column("twice", {{"role", "bucket"}, {"le", "5.0"}})),
            "columns.upto_5.le: is the bound of column 'twice' already");
  EXPECT_EQ(refusal(basics() + histogram() + column("g", {{"role", "gauge"}, {"metric", "crm_custom_open"}})),
            "columns.all.metric: crm_custom_open is what a gauge or counter gives too");
}

TEST(BadPlans, ShareAFamilyWithAnotherCollector) {
  const auto refusal_of_both = [](const Values& one, const Values& another) {
    return refusal_of([&] {
      const auto definitions =
          read_definitions(FakeConfig(below("collectors.a", one) + below("collectors.b", another)));
      refuse_common_families(definitions, {plan(definitions[0]), plan(definitions[1])});
    });
  };
  const auto gauge = [](const char* metric) { return basics() + column("x", {{"role", "gauge"}, {"metric", metric}}); };
  EXPECT_EQ(refusal_of_both(gauge("crm_custom_x"), gauge("crm_custom_y")), "(accepted)");
  EXPECT_EQ(refusal_of_both(gauge("crm_custom_x"), gauge("crm_custom_x")),
            "collectors.b.columns: crm_custom_x is a family of the collector 'a' already; set `metric`");
  EXPECT_EQ(refusal_of_both(basics() + histogram(), gauge("crm_custom_a_sum")),
            "collectors.b.columns: crm_custom_a_sum is a family of the collector 'a' already; set `metric`")
      << "the histogram's sum has that name in Prometheus";
}

TEST(Descriptions, AreForOwnerAndAdminUnlessThereIsAnAgentColumn) {
  const Definition open = definition(open_() + Values{{"business_data", true}});
  const crm::Description closed = description(open, plan(open));
  EXPECT_EQ(closed.name, "custom/open");
  EXPECT_EQ(closed.access, crm::Access::owner_and_admin);
  EXPECT_TRUE(closed.audited);
  EXPECT_TRUE(closed.statements.front().unscoped);
  EXPECT_EQ(closed.statements.front().name, "custom-sql/open");
  EXPECT_EQ(closed.statements.front().text, "SELECT * FROM (\nSELECT 1\n) AS crm_custom_rows\nLIMIT 1001");

  const Definition scoped = definition(open_() + Values{{"agent_column", "agent_id"}});
  const crm::Description wide = description(scoped, plan(scoped));
  EXPECT_EQ(wide.access, crm::Access::everyone);
  EXPECT_FALSE(wide.audited);
  EXPECT_FALSE(wide.statements.front().unscoped);
  EXPECT_THAT(wide.statements.front().text,
              HasSubstr("WHERE (:agents IS NULL OR crm_custom_rows.\"agent_id\" = ANY (:agents))"));
}

}  // namespace
}  // namespace custom_sql::testing
