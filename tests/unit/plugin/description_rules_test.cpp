// What a description must keep to.

#include "plugin/description_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

Description good() {
  Description description;
  description.name = "customer-load";
  description.title = "Customer load";
  description.help = "Who writes when.";
  return description;
}

Param param(const std::string& name) {
  Param param;
  param.name = name;
  return param;
}

std::vector<std::string> faults_of_name(const std::string& name) {
  Description description = good();
  description.name = name;
  return faults_of(description);
}

TEST(Description, ThatIsGoodHasNoFaults) {
  Description description = good();
  description.statements = {{"customer-load/open_tickets", "SELECT 1"}};
  description.params = {param("limit")};
  EXPECT_THAT(faults_of(description), IsEmpty());
}

TEST(Description, NameIsLowerCaseLettersDigitsAndInnerHyphens) {
  for (const char* name : {"kpi", "a", "7-days", "a-b-c", "custom", "custom/kpi"})
    EXPECT_THAT(faults_of_name(name), IsEmpty()) << name;
  for (const char* name : {"", "KPI", "customer_load", "-kpi", "kpi-", "kpi/x", "custom/", "custom/a/b", "custom/-a",
                           "k pi", "kpi\n", "käse", "../kpi"})
    EXPECT_THAT(faults_of_name(name), SizeIs(1)) << name;
  EXPECT_THAT(faults_of_name(std::string(60, 'a')), IsEmpty());
  EXPECT_THAT(faults_of_name("custom/" + std::string(60, 'a')), IsEmpty());
  EXPECT_THAT(faults_of_name(std::string(61, 'a')), SizeIs(1)) << "60 characters are the most";
  EXPECT_THAT(faults_of_name("KPI"),
              ElementsAre("its name 'KPI' must be lower case letters, digits and hyphens, at most 60 of them"));
}

TEST(Description, NeedsTitleAndHelp) {
  Description description = good();
  description.title.clear();
  description.help.clear();
  EXPECT_THAT(faults_of(description), ElementsAre("it has no title", "it has no help"));
}

TEST(Description, RunsAtMostOnceASecondAndIsGivenTime) {
  Description description = good();
  description.schedule.every = 1s;
  description.schedule.timeout = 1ms;
  EXPECT_THAT(faults_of(description), IsEmpty());
  description.schedule.every = 999ms;
  description.schedule.timeout = 0ms;
  EXPECT_THAT(faults_of(description),
              ElementsAre("it wants to run more often than once a second", "its timeout is not positive"));
}

TEST(Description, DefaultWindowHoldsSomething) {
  Description description = good();
  description.window.count = 0;
  EXPECT_THAT(faults_of(description), ElementsAre("its default window is empty"));
}

TEST(Description, StatementNamesCannotLeaveAComment) {
  Description description = good();
  description.statements = {{"kpi/*/ DROP TABLE x", "SELECT 1"}, {"", "SELECT 1"}, {"kpi/good_one-2", "SELECT 1"}};
  EXPECT_THAT(faults_of(description),
              ElementsAre("the statement name 'kpi/*/ DROP TABLE x' has characters other than a-z 0-9 _ - /",
                          "a statement has no name"));
}

TEST(Description, ParametersHaveNamesOfTheirOwn) {
  Description description = good();
  description.params = {param("startDate"), param("endDate"), param("dateRange"),
                        param(""),          param("limit"),   param("limit")};
  EXPECT_THAT(faults_of(description),
              UnorderedElementsAre("the parameter 'startDate' belongs to every section",
                                   "the parameter 'endDate' belongs to every section",
                                   "the parameter 'dateRange' belongs to every section", "a parameter has no name",
                                   "the parameter 'limit' is declared twice"));
}

}  // namespace
}  // namespace crm::plugin
