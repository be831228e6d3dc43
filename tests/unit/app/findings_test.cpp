#include "app/check/findings.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StrEq;

TEST(Findings, StandUnderTheirHeadingsWithWhatToDoBelow) {
  std::ostringstream out;
  Findings findings(out, false);
  findings.heading("One");
  findings.ok("thing", "is well");
  findings.heading("Empty");
  findings.heading("Two");
  findings.error("other", "is not", {say("Say:"), type("SELECT 1;\nSELECT 2;")});
  EXPECT_EQ(findings.finish(), 1);
  EXPECT_THAT(out.str(), StrEq("One\n"
                               "  ok       thing                is well\n"
                               "\n"
                               "Two\n"
                               "  ERROR    other                is not\n"
                               "             Say:\n"
                               "               SELECT 1;\n"
                               "               SELECT 2;\n"
                               "\n"
                               "1 error, no warnings\n"));
}

TEST(Findings, EndWellAfterWarningsOnly) {
  std::ostringstream out;
  Findings findings(out, false);
  findings.warning("a", "b");
  findings.warning("a", "c");
  EXPECT_EQ(findings.finish(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\nno errors, 2 warnings\n"));
}

TEST(Findings, BreakProseAtAHundredColumnsAndLeaveCodeAlone) {
  std::ostringstream out;
  const std::string long_line(120, 'x');
  Findings(out, false).ok("a", std::string(67, 'y') + " z ünïcödé", {type(long_line)});
  EXPECT_THAT(out.str(), StrEq("  ok       a                    " + std::string(67, 'y') + "\n" + std::string(32, ' ') +
                               "z ünïcödé\n               " + long_line + "\n"));
}

TEST(Findings, ObeyNothingThatADatabaseSays) {
  std::ostringstream out;
  Findings(out, false).warning("a\x1b[31m", "b\nERROR\t\x7f", {say("c\x07")});
  EXPECT_THAT(out.str(), StrEq("  warning  a?[31m               b ERROR??\n             c?\n"));
}

TEST(Findings, AreColouredWhereAsked) {
  std::ostringstream out;
  Findings findings(out, true);
  findings.heading("One");
  findings.error("a", "b");
  EXPECT_THAT(out.str(), StrEq("\033[1mOne\033[0m\n  \033[31mERROR\033[0m    a                    b\n"));
}

}  // namespace
}  // namespace crm::app
