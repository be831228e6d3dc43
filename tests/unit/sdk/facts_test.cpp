#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/facts.h>

namespace crm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FactTable two_agents() {
  return FactTable({"answered", "response_ms"}, {"response"},
                   {FactRow{{}, "a1", {}, {2, 5'000}, {{1, 1, 0}}}, FactRow{{}, "a2", {}, {3, 7'000}, {{0, 1, 2}}}});
}

TEST(FactTable, SumsAColumnOverItsRows) {
  const FactTable table = two_agents();
  EXPECT_EQ(table.sum("answered"), 2 + 3);
  EXPECT_EQ(table.sum("response_ms"), 5'000 + 7'000);
  EXPECT_EQ(table.value(table.rows()[1], "answered"), 3);
}

TEST(FactTable, MergesHistogramsBoundByBound) {
  EXPECT_THAT(two_agents().histogram("response"), ElementsAre(1 + 0, 1 + 1, 0 + 2));
}

TEST(FactTable, OfNoRowsSumsToZero) {
  const FactTable table({"answered"}, {"response"}, {});
  EXPECT_EQ(table.sum("answered"), 0);
  EXPECT_THAT(table.histogram("response"), IsEmpty());
}

TEST(FactTable, RefusesAColumnThatTheFactLacks) {
  const FactTable table = two_agents();
  EXPECT_THROW(table.sum("answerd"), UsageError);
  EXPECT_THROW(table.value(table.rows()[0], "response"), UsageError);
  EXPECT_THROW(table.histogram("answered"), UsageError);
}

TEST(FactTable, RefusesRowsOfAnotherShape) {
  EXPECT_THROW(FactTable({"answered"}, {}, {FactRow{}}), UsageError);
  EXPECT_THROW(FactTable({}, {"response"}, {FactRow{}}), UsageError);
  EXPECT_THROW(FactTable({}, {}, {FactRow{{}, {}, {}, {1}, {}}}), UsageError);
}

TEST(FactTable, OfAnAbsentViewAnswersZeroWhateverIsAsked) {
  const FactTable table = FactTable::of_absent_view("messages");
  EXPECT_TRUE(table.absent());
  EXPECT_EQ(table.sum("answered"), 0);
  EXPECT_THAT(table.histogram("response"), IsEmpty());
  EXPECT_FALSE(two_agents().absent());
}

}  // namespace
}  // namespace crm
