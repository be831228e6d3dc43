#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/sql_text.h"

namespace crm::source {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Statements, AreWhatStandsBetweenSemicolons) {
  EXPECT_THAT(statements_of("SELECT 1;\n\n  SELECT\n  2 ;; SELECT 3"),
              ElementsAre("SELECT 1", "SELECT\n  2", "SELECT 3"));
  EXPECT_THAT(statements_of(" ; -- nothing;\n /* ; */ "), IsEmpty());
}

TEST(Statements, KnowWhatIsNoSemicolon) {
  EXPECT_THAT(
      statements_of("SELECT ';', \"a;b\", E'\\';', $$ ; $$, $f$ ; $$ ; $f$ /* ; /* ; */ ; */, 1 -- ;\n;SELECT 2"),
      ElementsAre("SELECT ';', \"a;b\", E'\\';', $$ ; $$, $f$ ; $$ ; $f$  , 1", "SELECT 2"));
}

}  // namespace
}  // namespace crm::source
